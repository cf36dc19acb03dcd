import { Agent, request } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import type { Answer } from '#test/support/schema/api.ts'

export interface Call {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body?: string
  readonly contentType?: string
}

/** Sends bodies as they are given, whatever they are. */
export function wire({ server, adminCertificate }: ControlPlane): {
  send(call: Call): Promise<Answer>
  close(): void
} {
  const agent = new Agent({ keepAlive: true, ...adminCertificate })
  const { hostname, port } = new URL(server)
  return {
    send: ({ method, path, body = '', contentType = '' }) =>
      new Promise((resolve, reject) => {
        const headers = {
          accept: 'application/json',
          'user-agent': 'differ/1',
          ...(contentType && { 'content-type': contentType }),
          'content-length': Buffer.byteLength(body),
        }
        const call = request({ hostname, port, path, method, agent, headers }, response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              body: bodyOf(Buffer.concat(chunks).toString()),
              warnings: warningsOf(response.headers['warning'] ?? ''),
            })
          })
        })
        call.on('error', reject)
        call.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** Not everything is JSON: what is not served yet is `404 page not found`. */
const bodyOf = (text: string): Record<string, unknown> =>
  text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }

const warningsOf = (header: string): readonly string[] =>
  [
    ...Buffer.from(header, 'latin1')
      .toString()
      .matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g),
  ].map(([, quoted]) => quoted!.replaceAll(/\\(.)/g, '$1'))
