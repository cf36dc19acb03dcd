import { Agent, request } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  /** What the server warns of, one text each. */
  readonly warnings: readonly string[]
}

/** As little of an API client as thousands of requests need: a few connections that stay, and the warnings. */
export function fastApi(
  { server, adminCertificate }: ControlPlane,
  connections: number,
): { call(method: string, path: string, body?: unknown): Promise<Answer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ...adminCertificate })
  const { hostname, port } = new URL(server)
  return {
    call: (method, path, body) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? '' : JSON.stringify(body)
        const headers = {
          accept: 'application/json',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }
        const call = request({ hostname, port, path, method, agent, headers }, response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              body: bodyOf(Buffer.concat(chunks).toString()),
              warnings: warningsOf(response.headers['warning']),
            })
          })
        })
        call.on('error', reject)
        call.end(payload)
      }),
    close: () => agent.destroy(),
  }
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return { message: text }
  }
}

/** `299 - "text", 299 - "text"` */
function warningsOf(header: string | readonly string[] | undefined): readonly string[] {
  const text = Buffer.from(typeof header === 'string' ? header : '', 'latin1').toString()
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted]) =>
    quoted!.replaceAll(/\\(.)/g, '$1'),
  )
}
