import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import type { Connection } from '#src/lib/kubeconfig.ts'

/** What goes wrong with one request. `after` counts bytes of the answer's body that still get through. */
export type Fault =
  /** The connection breaks, without an answer or in the midst of one. */
  | { readonly type: 'drop'; readonly after?: number }
  /** Nothing comes any more, and nobody says so. */
  | { readonly type: 'hang'; readonly after?: number }
  /** The connection breaks at once, or the proxy answers with `code`; the server hears of the request `ms` later. */
  | { readonly type: 'late'; readonly ms: number; readonly code?: number }
  /** The server hears of the request `ms` later, and answers. */
  | { readonly type: 'slow'; readonly ms: number }
  /** The server hears of the request at once; its answer gets through only when this resolves. */
  | { readonly type: 'held-back'; readonly until: Promise<unknown> }
  /** The server's side is closed without the end of the answer; ours stays open. */
  | { readonly type: 'half-close'; readonly after: number }
  /** The connection breaks between two bytes of one character. */
  | { readonly type: 'cut-character' }
  /** Everything gets through, in pieces of a few bytes. */
  | { readonly type: 'trickle'; readonly bytes: number }
  /** The proxy answers itself. */
  | {
      readonly type: 'answer'
      readonly code: number
      readonly retryAfter?: number
      readonly reason: string
    }
  /** A watch opens and then says that it cannot go on. */
  | { readonly type: 'error-event'; readonly code: number; readonly reason: string }

export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Milliseconds on the monotonic clock. */
  readonly at: number
}

export interface ProxyOptions {
  /** https://host:port of the API server. */
  readonly server: string
  /** PEM; for requests that bring no token of their own. */
  readonly credentials: { readonly cert: string; readonly key: string; readonly ca: string }
}

/**
 * Stands between a client and the API server, ends TLS, and does to requests what
 * networks, load balancers and busy servers do. `decide` is asked for every request.
 */
export class FaultProxy {
  decide: (request: Seen) => Fault | undefined = () => undefined
  /** `code` is what the server answered, heard or not. */
  readonly requests: (Seen & { readonly fault?: Fault['type']; code?: number | undefined })[] = []
  /** Faults that were really done, by type. */
  faults: Record<string, number> = {}
  /** For a Client; goes through the proxy. */
  readonly connection: Connection

  readonly #server: https.Server
  readonly #target: URL
  readonly #agent: https.Agent
  readonly #sockets = new Set<Socket>()

  private constructor(server: https.Server, ca: string, options: ProxyOptions) {
    this.#server = server
    this.#target = new URL(options.server)
    this.#agent = new https.Agent({ ...options.credentials, keepAlive: true })
    server.on('request', (request, response) => this.#serve(request, response))
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    const { port } = server.address() as AddressInfo
    this.connection = {
      server: new URL(`https://127.0.0.1:${port}`),
      tls: { ca: Buffer.from(ca) },
      authorize: async () => ({}),
      refused: () => {},
    }
  }

  static async start(options: ProxyOptions): Promise<FaultProxy> {
    const ca = await issueCa('fault proxy', new Date())
    const leaf = { commonName: 'proxy', usages: ['server' as const], ips: ['127.0.0.1'] }
    const { cert, key } = await issueLeaf(ca, leaf, new Date())
    const server = https.createServer({ cert, key })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new FaultProxy(server, ca.cert, options)
  }

  /** Breaks every connection there is. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    this.dropAll()
    this.#agent.destroy()
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#target)
    const method = request.method ?? ''
    const seen = { method, path: url.pathname, query: url.searchParams, at: performance.now() }
    const fault = this.decide(seen)
    const entry: (typeof this.requests)[number] = { ...seen, ...(fault && { fault: fault.type }) }
    this.requests.push(entry)
    if (fault?.type === 'answer') return this.#answer(fault, response)
    if (fault?.type === 'error-event') return this.#errorEvent(fault, response)
    if (fault?.type === 'drop' && fault.after === undefined) {
      this.#did(fault)
      request.socket.destroy()
      return
    }
    if (fault?.type === 'hang' && fault.after === undefined) return this.#did(fault)
    if (fault?.type === 'late') return this.#late(fault, url, request, response)
    if (fault?.type === 'slow') {
      this.#did(fault)
      setTimeout(() => this.#forward(url, request, response, undefined, entry), fault.ms)
      return
    }
    this.#forward(url, request, response, fault, entry)
  }

  #forward(
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
    entry: { code?: number | undefined },
  ): void {
    const { host: _, ...headers } = request.headers
    const { method } = request
    const forward = https.request(url, { method, headers, agent: this.#agent }, answer => {
      entry.code = answer.statusCode
      const pass = () => {
        response.writeHead(answer.statusCode ?? 0, answer.headers)
        response.flushHeaders()
        this.#pass(answer, response, fault?.type === 'held-back' ? undefined : fault)
      }
      if (fault?.type !== 'held-back') return pass()
      this.#did(fault)
      void fault.until.then(pass)
    })
    forward.on('error', () => response.destroy())
    response.on('close', () => forward.destroy())
    request.pipe(forward)
  }

  /** Hands the body on, up to where the fault comes in. */
  #pass(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    let passed = 0
    let broken = false
    answer.on('error', () => response.destroy())
    answer.on('end', () => !broken && response.end())
    answer.on('data', (chunk: Buffer) => {
      if (broken) return
      const at = cutAt(chunk, passed, fault)
      const part = chunk.subarray(0, at)
      passed += part.length
      if (fault?.type === 'trickle') trickle(part, response, fault.bytes)
      else if (part.length > 0) response.write(part)
      if (at === undefined || !fault) return
      broken = true
      this.#did(fault)
      const { socket } = response
      // What was written has to leave before the connection goes, or nothing is cut within it.
      if (fault.type === 'half-close') setImmediate(() => socket?.end())
      else if (fault.type !== 'hang') setImmediate(() => socket?.destroy())
    })
    if (fault?.type === 'trickle') this.#did(fault)
  }

  /** Counted among the faults when the server has answered, which nobody hears. */
  #late(
    fault: Fault & { type: 'late' },
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { host: _, ...headers } = request.headers
    const { method } = request
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      setTimeout(() => {
        const forward = https.request(url, { method, headers, agent: this.#agent }, answer => {
          answer.resume()
          answer.on('end', () => this.#did(fault))
        })
        // Whoever waits for it to be counted then waits in vain.
        forward.on('error', () => {})
        forward.end(Buffer.concat(parts))
      }, fault.ms)
      if (fault.code === undefined) {
        request.socket.destroy()
        return
      }
      response.writeHead(fault.code, { 'content-type': 'application/json' })
      response.end(JSON.stringify(status(fault.code, 'Timeout')))
    })
  }

  #answer(fault: Fault & { type: 'answer' }, response: ServerResponse): void {
    this.#did(fault)
    const { code, reason, retryAfter } = fault
    response.writeHead(code, {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    })
    response.end(JSON.stringify(status(code, reason)))
  }

  #errorEvent(fault: Fault & { type: 'error-event' }, response: ServerResponse): void {
    this.#did(fault)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ type: 'ERROR', object: status(fault.code, fault.reason) })}\n`)
  }

  #did({ type }: Fault): void {
    this.faults[type] = (this.faults[type] ?? 0) + 1
  }
}

const status = (code: number, reason: string) => ({
  apiVersion: 'v1',
  kind: 'Status',
  status: 'Failure',
  message: `the fault proxy says ${reason}`,
  reason,
  code,
})

/** Where in the chunk the answer breaks; undefined where it does not. */
function cutAt(chunk: Buffer, passed: number, fault: Fault | undefined): number | undefined {
  if (!fault || fault.type === 'trickle') return undefined
  if (fault.type === 'cut-character') {
    // 10xxxxxx is never the first byte of a character.
    const at = chunk.findIndex(byte => (byte & 0xc0) === 0x80)
    return at < 0 ? undefined : at
  }
  const after = 'after' in fault ? (fault.after ?? 0) : 0
  return passed + chunk.length > after ? Math.max(0, after - passed) : undefined
}

/** Each piece in a TLS record of its own. */
function trickle(chunk: Buffer, response: ServerResponse, bytes: number): void {
  for (let start = 0; start < chunk.length; start += bytes)
    response.write(chunk.subarray(start, start + bytes))
}
