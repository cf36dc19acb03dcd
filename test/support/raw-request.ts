import type { OutgoingHttpHeaders } from 'node:http'
import { Agent, request, type AgentOptions } from 'node:https'
import { connect } from 'node:tls'

/** What came back, and how many milliseconds that took. */
export interface Answered {
  readonly code: number
  readonly text: string
  readonly ms: number
}

/** Asks a server whatever one likes, with exactly these headers. */
export type Ask = (
  method: string,
  path: string,
  options?: { readonly headers?: OutgoingHttpHeaders; readonly body?: object | string },
) => Promise<Answered>

/** As whoever holds the certificate of `tls`, or as nobody. */
export function asker(server: string, tls: AgentOptions): { ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 300, ...tls })
  const { hostname, port } = new URL(server)
  const ask: Ask = (method, path, { headers, body } = {}) =>
    new Promise((resolve, reject) => {
      const begun = performance.now()
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const options = { hostname, port, method, path, agent, headers: { ...type, ...headers } }
      const outgoing = request(options, incoming => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({ code: incoming.statusCode ?? 0, text, ms: performance.now() - begun }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(typeof body === 'object' ? JSON.stringify(body) : body)
    })
  return { ask, close: () => agent.destroy() }
}

/** Sends bytes as they are, and gives back whatever comes within `ms`. */
export function exchange(
  server: string,
  tls: AgentOptions,
  bytes: string,
  ms = 1_000,
): Promise<string> {
  const { hostname, port } = new URL(server)
  return new Promise(resolve => {
    let text = ''
    const socket = connect({ host: hostname, port: Number(port), servername: 'localhost', ...tls })
    const done = () => {
      socket.destroy()
      resolve(text)
    }
    socket.on('secureConnect', () => socket.write(bytes))
    socket.on('data', (part: Buffer) => (text += part.toString()))
    socket.on('error', done).on('end', done)
    setTimeout(done, ms)
  })
}

/** Asks for something and is gone after so many milliseconds. */
export const hangUp = (
  server: string,
  tls: AgentOptions,
  path: string,
  ms: number,
): Promise<void> =>
  new Promise(resolve => {
    const { hostname, port } = new URL(server)
    const agent = (kept ??= new Agent({ keepAlive: true, maxCachedSessions: 100, ...tls }))
    const outgoing = request({ hostname, port, path, agent }, incoming => incoming.resume())
    outgoing.on('error', () => {}).on('close', resolve)
    outgoing.on('socket', () => setTimeout(() => outgoing.destroy(), ms))
    outgoing.end()
  })

let kept: Agent | undefined
