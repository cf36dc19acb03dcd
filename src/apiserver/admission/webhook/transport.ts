import https from 'node:https'
import { getCACertificates } from 'node:tls'
import type { Address } from './address.ts'

/** What a webhook answered. */
export interface Reply {
  readonly code: number
  readonly contentType: string
  readonly body: string
}

/** Nothing came back that could be read; the message is in the words of Go, as far as it has some. */
export class CallFailed extends Error {}

/** A review may have a whole object in it, and a patch too. */
const MAX_REPLY_BYTES = 3 * 1024 * 1024
const MOST_AGENTS = 200

/** HTTPS to webhooks over connections that are kept open. */
export class WebhookTransport {
  /** By the authorities they trust; those least used go first. */
  readonly #agents = new Map<string, https.Agent>()

  /**
   * Posts a review. Rejects with CallFailed; also where `signal` fires. Redirects are not followed, and replies of more
   * than 3 MB not read.
   */
  async post(
    { url, text, ca }: Address,
    body: string,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    const query = `timeout=${timeoutSeconds}s`
    const target = new URL(url)
    target.search = query
    const once = () => this.#once(target, this.#agentFor(ca), body, signal)
    try {
      // The other side may have closed an idle connection just now; reviews change nothing, so it is safe to ask again.
      return await once().catch((error: unknown) => {
        if (error instanceof StaleConnection) return once()
        throw error
      })
    } catch (error) {
      throw new CallFailed(`Post "${text}?${query}": ${wordsFor(error as Error, target, signal)}`)
    }
  }

  /** Closes every connection. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy()
    this.#agents.clear()
  }

  #once(url: URL, agent: https.Agent, body: string, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const request = https.request(url, {
        method: 'POST',
        agent,
        signal,
        headers: {
          accept: 'application/json, */*',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'kradle-apiserver',
        },
      })
      request.on('response', response => {
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes <= MAX_REPLY_BYTES) parts.push(part)
          else response.destroy(new Error(`the response is longer than ${MAX_REPLY_BYTES} bytes`))
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            code: response.statusCode!,
            contentType: response.headers['content-type'] ?? '',
            body: Buffer.concat(parts).toString('utf8'),
          }),
        )
      })
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error),
      )
      request.end(body)
    })
  }

  #agentFor(ca: string | undefined): https.Agent {
    const key = ca ?? ''
    const agent =
      this.#agents.get(key) ??
      new https.Agent({ keepAlive: true, maxFreeSockets: 16, ca: ca ?? systemAuthorities() })
    this.#agents.delete(key)
    this.#agents.set(key, agent)
    const [oldest] = this.#agents.keys()
    if (this.#agents.size > MOST_AGENTS && oldest !== undefined) {
      this.#agents.get(oldest)?.destroy()
      this.#agents.delete(oldest)
    }
    return agent
  }
}

class StaleConnection extends Error {
  readonly code = 'ECONNRESET'
}

let authorities: string[] | undefined
const systemAuthorities = (): string[] =>
  (authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])])

/** What Go's client says about the same. */
function wordsFor(
  error: NodeJS.ErrnoException,
  { hostname, port }: URL,
  signal: AbortSignal,
): string {
  const reason: unknown = signal.reason
  if (signal.aborted)
    return (reason as Error | undefined)?.name === 'TimeoutError'
      ? 'context deadline exceeded'
      : 'context canceled'
  const words = WORDS[error.code ?? '']
  return words
    ? words(hostname.replace(/^\[|\]$/g, ''), `${hostname}:${port || 443}`)
    : error.message
}

const unknownAuthority = (): string =>
  'tls: failed to verify certificate: x509: certificate signed by unknown authority'
const noSuchHost = (host: string): string => `dial tcp: lookup ${host}: no such host`

const WORDS: Readonly<Record<string, (host: string, address: string) => string>> = {
  ECONNREFUSED: (_, address) => `dial tcp ${address}: connect: connection refused`,
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: noSuchHost,
  ECONNRESET: () => 'EOF',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
}
