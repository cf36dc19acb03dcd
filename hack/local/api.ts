import { Agent, request } from 'node:https'

export type Answer = { readonly status: number; readonly body: string }

/** As much of an HTTP client as starting a cluster needs; everything else uses the real one in src/lib. */
export type Api = {
  (method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>
  close(): void
}

export function apiClient(
  server: string,
  credentials: { cert?: string; key?: string; ca: string },
  timeout = 10_000,
): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ...credentials })
  const call: Omit<Api, 'close'> & ((...args: Parameters<Api>) => Promise<Answer>) = (
    method,
    path,
    body,
    contentType = 'application/json',
  ) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body)
      const outgoing = request(
        new URL(path, server),
        {
          method,
          agent,
          timeout,
          headers: {
            accept: 'application/json',
            ...(payload && {
              'content-type': contentType,
              'content-length': Buffer.byteLength(payload),
            }),
          },
        },
        incoming => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
          })
        },
      )
      outgoing.on('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer in ${timeout} ms`)),
      )
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  return Object.assign(call, { close: () => agent.destroy() })
}
