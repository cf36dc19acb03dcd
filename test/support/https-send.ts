import type { IncomingHttpHeaders } from 'node:http'
import { request, type RequestOptions } from 'node:https'

/** What came back. */
export interface Received {
  readonly code: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, each header as often as it was sent. */
  readonly rawHeaders: readonly string[]
}

/** Sends a request, with no discretion about what comes back. Rejects where nothing does. */
export const httpsSend = (url: URL, options: RequestOptions, body?: string): Promise<Received> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, options, incoming => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode: code = 0, headers, rawHeaders } = incoming
        resolve({ code, text, headers, rawHeaders })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
