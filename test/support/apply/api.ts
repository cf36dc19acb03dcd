import { Agent, request } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly contentType?: string
}

/** As little of an API client as thousands of requests of several content types need. */
export function patchApi(
  { server, adminCertificate }: Pick<ControlPlane, 'server' | 'adminCertificate'>,
  connections: number,
): { call(call: Call): Promise<Answer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ...adminCertificate })
  const { hostname, port } = new URL(server)
  return {
    call: ({ method, path, body, contentType = 'application/json' }) =>
      new Promise((resolve, reject) => {
        const payload = JSON.stringify(body)
        const headers = {
          accept: 'application/json',
          'content-type': contentType,
          'content-length': Buffer.byteLength(payload),
        }
        const sent = request({ hostname, port, path, method, agent, headers }, response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({ status: response.statusCode ?? 0, body: bodyOf(text) })
          })
        })
        sent.on('error', reject)
        sent.end(payload)
      }),
    close: () => agent.destroy(),
  }
}

/** What is not served yet is not answered in JSON. */
function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return { message: text }
  }
}
