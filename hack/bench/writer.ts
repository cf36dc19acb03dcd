import { Agent, request } from 'node:https'

/** One object to create: where it is posted to and its JSON. */
export type Write = { readonly path: string; readonly body: Buffer }

export const writeOf = (path: string, object: object): Write => ({
  path,
  body: Buffer.from(JSON.stringify(object)),
})

export type Written = { readonly status: number; readonly body: string; readonly ms: number }

/** Posts objects over connections that stay open, as `clients` clients would. */
export type Writer = {
  create(write: Write, options?: { dryRun?: boolean }): Promise<Written>
  close(): void
}

export function writerTo(
  server: string,
  credentials: { cert: string; key: string; ca: string },
  clients: number,
): Writer {
  const agent = new Agent({ keepAlive: true, maxSockets: clients, ...credentials })
  const { hostname, port } = new URL(server)
  return {
    create: ({ path, body }, { dryRun = true } = {}) =>
      new Promise((resolve, reject) => {
        const begun = performance.now()
        const outgoing = request(
          {
            agent,
            hostname,
            port,
            method: 'POST',
            path: dryRun ? `${path}?dryRun=All` : path,
            headers: {
              accept: 'application/json',
              'content-type': 'application/json',
              'content-length': body.length,
            },
            timeout: 15_000,
          },
          incoming => {
            const chunks: Buffer[] = []
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
            incoming.on('error', reject)
            incoming.on('end', () => {
              const ms = performance.now() - begun
              const text = Buffer.concat(chunks).toString()
              resolve({ status: incoming.statusCode ?? 0, body: text, ms })
            })
          },
        )
        outgoing.on('timeout', () => outgoing.destroy(new Error(`POST ${path}: no answer in 15 s`)))
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}
