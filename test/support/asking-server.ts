import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Access, Authenticator } from '#src/apiserver/auth/auth.ts'
import type { Authorization } from '#src/apiserver/auth/authorizer.ts'
import { clientCertificates } from '#src/apiserver/auth/peer.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { issue } from '#src/lib/certificate-authority.ts'

const GROUP = '/apis/activity.kradle.a5c.ai/v1alpha1'

/** Stands where kradle-apiserver will: says who asks, and whether he may do what he names. */
export class AskingServer {
  readonly #server: https.Server
  authenticator: Authenticator | undefined
  authorization: Authorization | undefined

  private constructor(server: https.Server) {
    this.#server = server
    server.on('request', (request, response) => {
      this.#answer(request).then(
        body => response.end(JSON.stringify(body)),
        (error: Error) => {
          const status =
            error instanceof StatusError ? error : new StatusError(500, 'Error', error.message)
          response.statusCode = status.code
          response.end(JSON.stringify(status.body))
        },
      )
    })
  }

  /** With a certificate that nobody trusts, until it gets another. */
  static async start(): Promise<AskingServer> {
    const { certificate, key } = await issue({
      hosts: ['localhost'],
      lifetimeMs: 3_600_000,
      now: new Date(),
    })
    const server = https.createServer({ ...clientCertificates, cert: certificate, key })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new AskingServer(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  setCertificate(cert: string, key: string): void {
    this.#server.setSecureContext({ ...clientCertificates, cert, key })
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'https://localhost')
    const user = await this.authenticator!.authenticate(request)
    const resumed = (request.socket as TLSSocket).isSessionReused()
    if (url.pathname === GROUP)
      return {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: GROUP.slice(6),
        resources: [],
      }
    if (url.pathname === `${GROUP}/whoami`) return { ...user, resumed }
    const query = Object.fromEntries(url.searchParams)
    const asked = { ...access, ...query }
    const { verb } = asked
    await this.authorization!.authorize(user, query['path'] ? { path: query['path'], verb } : asked)
    return { allowed: true }
  }
}

const access: Access = {
  verb: 'get',
  group: '',
  version: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  labelSelector: '',
  fieldSelector: '',
}
