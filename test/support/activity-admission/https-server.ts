import https from 'node:https'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issue } from '#src/lib/certificate-authority.ts'

/** A real server on a free port of 127.0.0.1, with the authority that signed it. */
export async function httpsServer(listener: RequestListener) {
  const { ca, certificate, key } = await issue({
    hosts: ['127.0.0.1'],
    lifetimeMs: 3_600_000,
    now: new Date(),
  })
  const server = https.createServer({ cert: certificate, key }, listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    ca,
    server,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
