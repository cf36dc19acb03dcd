import { request as httpsRequest, type RequestOptions } from 'node:https'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Registry } from 'prom-client'
import { httpMetrics } from '#src/apiserver/http/metrics.ts'
import { apiServer, type ApiServer, type ServerOptions } from '#src/apiserver/http/server.ts'
import { continueTokens } from '#src/apiserver/read/continue-token.ts'
import { Frames } from '#src/apiserver/read/frames.ts'
import { get } from '#src/apiserver/read/get.ts'
import { list } from '#src/apiserver/read/list.ts'
import { WATCH_LIMITS, watch, type WatchLimits } from '#src/apiserver/read/watch.ts'
import type { Handler } from '#src/apiserver/request.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { createLog } from '#src/lib/log.ts'
import { MemoryStorage, plainForms, testResource } from './activity-memory.ts'

export interface Answered {
  readonly code: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: Record<string, unknown>
  /** The pieces as they came in. */
  readonly bytes: Buffer
}

export interface Running {
  readonly server: ApiServer
  readonly storage: MemoryStorage
  readonly port: number
  readonly metrics: Registry
  /** Lines of the log. */
  readonly logged: string[]
  readonly ask: (
    path: string,
    options?: RequestOptions & { readonly body?: string | Buffer },
  ) => Promise<Answered>
  /** An answer that goes on. */
  readonly stream: (path: string, options?: RequestOptions) => Promise<Lines>
}

/** What a watch says, line by line. */
export class Lines {
  readonly response: IncomingMessage
  readonly lines: Record<string, unknown>[] = []
  ended = false
  #rest = ''
  #wake: (() => void) | undefined

  constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      const parts = (this.#rest + text).split('\n')
      this.#rest = parts.pop()!
      this.lines.push(...parts.map(part => JSON.parse(part) as Record<string, unknown>))
      this.#wake?.()
    })
    const end = () => {
      this.ended = true
      this.#wake?.()
    }
    response.on('end', end).on('close', end).on('error', end)
  }

  /** The first `count` lines, or fewer where it ends before. */
  async take(count: number): Promise<Record<string, unknown>[]> {
    while (this.lines.length < count && !this.ended)
      await new Promise<void>(resolve => (this.#wake = resolve))
    return this.lines.slice(0, count)
  }

  async end(): Promise<Record<string, unknown>[]> {
    while (!this.ended) await new Promise<void>(resolve => (this.#wake = resolve))
    return this.lines
  }
}

const pair = issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now: new Date() })

/** The server of the activity API over what is in memory; whoever asks is `somebody` and may do everything. */
export async function runActivityServer(
  change: Partial<ServerOptions> = {},
  watchLimits: Partial<WatchLimits> = {},
): Promise<Running> {
  const { certificate: cert, key } = await pair
  const storage = new MemoryStorage()
  const metrics = new Registry()
  const told = httpMetrics(metrics)
  const logged: string[] = []
  const unused: Handler = async () => ({
    type: 'status',
    code: 200,
    status: { kind: 'Status', status: 'Success' },
  })
  const server = apiServer({
    resources: [testResource(), testResource('boards', false)],
    handlers: {
      get: get(storage, storage),
      list: list(storage, storage, continueTokens(Buffer.alloc(32, 1))),
      create: unused,
      update: unused,
      patch: unused,
      delete: unused,
      deletecollection: unused,
    },
    watch: watch({
      store: storage,
      feed: storage,
      frames: new Frames(plainForms),
      limits: { ...WATCH_LIMITS, ...watchLimits },
      onDropped: (resource, bytes) => told.dropped(resource, bytes),
    }),
    forms: plainForms,
    authenticator: { authenticate: async () => ({ username: 'somebody', groups: [] }) },
    authorizer: { authorize: async () => undefined },
    discovery: path =>
      path === '/apis/test.example/v1'
        ? { code: 200, headers: { 'content-type': 'application/json' }, body: '{"kind":"x"}' }
        : undefined,
    metrics: told,
    log: createLog('test', 'debug', { write: (line: string) => void logged.push(line) }),
    certificate: { cert, key },
    ...change,
  })
  await server.listen('127.0.0.1', 0)
  const { port } = server.address()
  const open = (path: string, options: RequestOptions & { body?: string | Buffer } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { body, ...rest } = options
      const request = httpsRequest(
        { host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false, ...rest },
        resolve,
      )
      request.on('error', reject)
      request.end(body)
    })
  return {
    server,
    storage,
    port,
    metrics,
    logged,
    async ask(path, options) {
      const response = await open(path, options)
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      const bytes = Buffer.concat(chunks)
      const text = bytes.toString()
      const isJson = text.startsWith('{')
      return {
        code: response.statusCode!,
        headers: response.headers,
        bytes,
        text,
        json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      }
    },
    stream: async (path, options) => new Lines(await open(path, options)),
  }
}
