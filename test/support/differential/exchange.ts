import { Agent, request } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'

/** One request; `{path}` begins after the group and version. */
export interface Asked {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly type: string
  readonly warnings: readonly string[]
  readonly body: string
}

/** What is not answered by then is a watch that does not end. */
const PATIENCE_MS = 15_000

/** Sends requests as cluster-admin, to whatever the control plane serves. */
export function exchange({ server, adminCertificate }: ControlPlane) {
  const agent = new Agent({ keepAlive: true, ...adminCertificate })
  const send = (root: string, { method, path, body, headers = {} }: Asked): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(root + path, server),
        {
          method,
          agent,
          headers: { accept: 'application/json', ...headers },
          signal: AbortSignal.timeout(PATIENCE_MS),
        },
        incoming => {
          const parts: Buffer[] = []
          incoming.on('data', (part: Buffer) => parts.push(part))
          incoming.on('error', reject)
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              type: incoming.headers['content-type'] ?? '',
              warnings: incoming.rawHeaders.filter(
                (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'warning',
              ),
              body: Buffer.concat(parts).toString('utf8'),
            }),
          )
        },
      )
      // Some answers are given before the question is heard out, and the connection goes with them.
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.name === 'AbortError'
          ? resolve({ status: 0, type: '', warnings: [], body: error.code ?? '' })
          : reject(error),
      )
      outgoing.end(body)
    })
  return { send, close: () => agent.destroy() }
}
