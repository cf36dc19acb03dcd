import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { KradleError } from './errors.ts'
import type { Connection } from './kubeconfig.ts'

export interface Send {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Milliseconds until the head of the answer is there. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** A connection of its own, closed with the answer: for watches, which are cut by force. */
  readonly alone?: boolean
}

export interface Answer {
  readonly code: number
  /** The header as it came. */
  readonly retryAfter: string | undefined
  readonly stream: IncomingMessage
}

/** HTTP to one API server over connections that are kept open. */
export class Transport {
  readonly #connection: Connection
  readonly #http: typeof http | typeof https
  readonly #shared: http.Agent
  readonly #alone: http.Agent

  constructor(connection: Connection) {
    this.#connection = connection
    const secure = connection.server.protocol === 'https:'
    this.#http = secure ? https : http
    const agent = (options: http.AgentOptions) =>
      secure ? new https.Agent({ ...options, ...connection.tls }) : new http.Agent(options)
    this.#shared = agent({ keepAlive: true, scheduling: 'lifo', maxFreeSockets: 16 })
    this.#alone = agent({ keepAlive: false })
  }

  /**
   * Sends a request and waits for the head of the answer. Rejects with ConnectionFailed,
   * RequestTimeout, or an AbortError.
   */
  async send(request: Send): Promise<Answer> {
    request.signal?.throwIfAborted()
    const authorization = await this.#connection.authorize()
    const { server } = this.#connection
    const call = this.#http.request({
      method: request.method,
      // The server may sit behind a path of a proxy.
      path: server.pathname.replace(/\/$/, '') + request.path,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      agent: request.alone ? this.#alone : this.#shared,
      headers: {
        accept: 'application/json',
        'user-agent': 'kradle',
        ...authorization,
        ...(request.body !== undefined && { 'content-length': Buffer.byteLength(request.body) }),
        ...request.headers,
      },
    })
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          call.destroy(
            new KradleError('RequestTimeout', `no answer within ${request.timeoutMs / 1000} s`),
          ),
        request.timeoutMs,
      )
      const abort = () => call.destroy(abortReason(request.signal))
      // It may have come while we looked for our token.
      if (request.signal?.aborted) abort()
      request.signal?.addEventListener('abort', abort, { once: true })
      let answered = false
      const settle = () => {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', abort)
      }
      call.on('response', stream => {
        settle()
        answered = true
        if (stream.statusCode === 401) this.#connection.refused()
        resolve({
          code: stream.statusCode ?? 0,
          retryAfter: stream.headers['retry-after'],
          stream,
        })
      })
      // Stays on for good: a connection may break after the head of the answer as well.
      call.on('error', error => {
        settle()
        reject(connectionError(error, call.reusedSocket))
      })
      call.on('close', () => {
        settle()
        if (!answered)
          reject(connectionError(new Error('closed without an answer'), call.reusedSocket))
      })
      call.end(request.body)
    })
  }

  /** Closes every connection, also those in use. */
  close(): void {
    this.#shared.destroy()
    this.#alone.destroy()
  }
}

/** The whole answer as text. Rejects as `send` does; `timeoutMs` is for all of it. */
export function readAll(
  { stream }: Answer,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      reject(error)
      stream.destroy()
    }
    const timer = setTimeout(
      () => stop(new KradleError('RequestTimeout', `no whole answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    const abort = () => stop(abortReason(signal))
    signal?.addEventListener('abort', abort, { once: true })
    const closed = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      // Nothing to say after 'end'; without it the answer was cut.
      if (stream.readableEnded) return
      reject(new KradleError('ConnectionFailed', 'the connection was closed within an answer'))
    }
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('error', error => reject(connectionError(error, false)))
    stream.on('end', () => resolve(Buffer.concat(parts).toString('utf8')))
    stream.on('close', closed)
    // Either may have happened before anybody listened.
    if (signal?.aborted) abort()
    if (stream.closed) closed()
  })
}

/** Whether the server may just have closed an idle connection, so that nothing was done. */
export const isStaleConnection = (error: unknown): boolean =>
  error instanceof KradleError &&
  error.code === 'ConnectionFailed' &&
  (error.cause as { reused?: boolean } | undefined)?.reused === true

export function connectionError(error: unknown, reused: boolean): Error {
  if (error instanceof KradleError) return error
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name === 'AbortError') return error as Error
  return new KradleError('ConnectionFailed', `connection to the API server failed: ${message}`, {
    cause: { code, reused },
  })
}

/** What a request that was called off rejects with. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new DOMException('called off', 'AbortError')
}
