import { fastify, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from '#src/lib/log.ts'
import type { Authenticator, Authorizer } from '../auth/auth.ts'
import type { Watch } from '../read/watch.ts'
import type { ApiRequest, Handler, RequestInfo, Verb } from '../request.ts'
import type { Resource } from '../resource.ts'
import { noSuchResource, tooManyRequests } from '../status-error.ts'
import { accessOf } from './access.ts'
import { checkForm } from './answer-body.ts'
import { Call, drained } from './call.ts'
import { closing } from './closing.ts'
import { REQUEST_TIMEOUT_MS, within } from './deadline.ts'
import { BODY_LIMIT, failure } from './failure.ts'
import type { Forms } from './forms.ts'
import { IN_FLIGHT_LIMITS, InFlight, type InFlightLimits, type Kind } from './in-flight.ts'
import type { HttpMetrics } from './metrics.ts'
import { acceptsGzip, bodyType, negotiate } from './negotiate.ts'
import { requestInfoFor } from './request-info.ts'
import { send } from './send.ts'
import { watchStream } from './watch-stream.ts'

export interface Certificate {
  /** PEM. */
  readonly cert: string
  /** PEM. A secret. */
  readonly key: string
}

export interface Discovered {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

export interface ServerOptions {
  readonly resources: readonly Resource[]
  readonly handlers: Readonly<Record<Exclude<Verb, 'watch'>, Handler>>
  readonly watch: Watch
  readonly forms: Forms
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  /** What is at a path that is no resource; undefined where there is nothing. Header names are in lower case. */
  readonly discovery: (
    path: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ) => Discovered | undefined
  readonly metrics: HttpMetrics
  readonly log: Logger
  readonly certificate: Certificate
  readonly limits?: InFlightLimits & { readonly requestMs: number }
  /** Why nothing should be asked of this process yet; never because of PostgreSQL. */
  readonly unreadiness?: () => string | undefined
}

export interface ApiServer {
  listen(host: string, port: number): Promise<void>
  address(): { readonly address: string; readonly port: number }
  /** Serves a new certificate from the next handshake on; connections that are open stay. */
  setCertificate(certificate: Certificate): void
  /** No longer ready: watches end, new ones are sent elsewhere, and every answer closes its connection. */
  drain(): void
  /** Stops listening and resolves once the last answer is out, or has been waited for as long as any request may take. */
  close(): Promise<void>
}

/** kube-aggregator drops idle connections after 90 s. Were we first, a write in that moment would fail. */
const KEEP_ALIVE_MS = 120_000

/** Groups and extras of a user come as headers; Go takes as many bytes of them. */
const HEADER_BYTES = 1024 * 1024

const HEALTH: ReadonlySet<string> = new Set(['/livez', '/readyz', '/healthz'])
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The HTTPS server of the activity API. The query `pretty` is not looked at. */
export function apiServer(options: ServerOptions): ApiServer {
  const { authenticator, authorizer, handlers, forms, metrics, log } = options
  const limits = options.limits ?? { ...IN_FLIGHT_LIMITS, requestMs: REQUEST_TIMEOUT_MS }
  const understand = requestInfoFor(options.resources)
  const inFlight = new InFlight(limits)
  const calls = new WeakMap<FastifyRequest, Call>()
  const watches = new Set<Call>()
  const underWay = new Set<Call>()
  let draining = false

  const app = fastify({
    https: {
      ...options.certificate,
      // Whoever has a certificate shows it; whether it is worth anything is for the authenticator.
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      maxHeaderSize: HEADER_BYTES,
    },
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: HEADER_BYTES },
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => fail(error, request, reply),
  })
  // Whose headers count comes last in what an aggregator sends; Node drops what is beyond 2,000 lines, without a word.
  app.server.maxHeadersCount = 0
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.setErrorHandler(fail)
  app.setNotFoundHandler(() => {
    throw noSuchResource()
  })
  app.addHook('onRequest', async (request, reply) => {
    if (draining) reply.header('connection', 'close')
    // An empty one says nothing; the framework would refuse it before anybody could take it for JSON.
    if (request.raw.headers['content-type'] === '') delete request.raw.headers['content-type']
    reply.header('cache-control', 'no-cache, private')
    const path = request.url.split('?')[0]!
    return HEALTH.has(path) ? health(path, reply) : admit(request, reply)
  })
  app.route({ method: METHODS, url: '/*', handler: serve })

  function health(path: string, reply: FastifyReply): FastifyReply {
    const why = draining ? 'stopping' : options.unreadiness?.()
    reply.type('text/plain; charset=utf-8')
    return path === '/livez' || why === undefined ? reply.send('ok') : reply.code(503).send(why)
  }

  /** Who it is, whether there is a place for him, and whether he may: all before a byte of the body is read. */
  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = new Call(understand(request.method, request.url), reply.raw, () =>
      left(call, reply),
    )
    calls.set(request, call)
    underWay.add(call)
    const { target, signal } = call
    call.limitTime(limits.requestMs)
    call.user = await within(signal, authenticator.authenticate(request.raw))
    if (target.type === 'refused') throw target.error
    enter(call)
    const asked = target.type === 'path' ? target : accessOf(target.info)
    await within(signal, authorizer.authorize(call.user, asked))
  }

  function enter(call: Call): void {
    const { verb, user, target } = call
    const reads = verb === 'get' || verb === 'list' || verb === 'other'
    const kind: Kind = call.isWatch ? 'watching' : reads ? 'reading' : 'writing'
    // As in kube-apiserver, whoever may do everything gets an answer in any case. And discovery must go on: without
    // it, others stand still who have nothing to do with this group.
    const always = target.type === 'path' || user.groups?.includes('system:masters') === true
    const namespace = target.type === 'resource' ? target.info.namespace : ''
    const leave = inFlight.enter(kind, { user: user.username ?? '', namespace }, always)
    if (!leave) throw tooManyRequests('too many requests, please try again later')
    metrics.inFlight(kind, inFlight.count(kind))
    call.onLeave(() => {
      leave()
      metrics.inFlight(kind, inFlight.count(kind))
    })
  }

  function left(call: Call, { raw }: FastifyReply): void {
    underWay.delete(call)
    const watched = watches.delete(call)
    if (watched) metrics.watchers(call.resource, -1)
    // How long a watch took says nothing.
    if (watched && raw.statusCode === 200) return
    const code = raw.writableFinished ? raw.statusCode : 499
    metrics.answered(call.verb, call.resource, code, call.seconds)
  }

  async function serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const call = calls.get(request)!
    if (call.target.type !== 'resource') return discover(request, reply)
    const { info } = call.target
    const media = negotiate(request.headers.accept, info.query)
    const asked = apiRequest(call, info, request)
    if (info.verb === 'watch') {
      if (draining) throw drained()
      watches.add(call)
      metrics.watchers(call.resource, 1)
      try {
        await options.watch(asked, media, () => open(call, reply))
      } catch (error) {
        if (!reply.sent) throw error
        // Nothing can be said any more.
        failure(error, log, { verb: call.verb, resource: call.resource })
        reply.raw.destroy()
      }
      return reply
    }
    checkForm(media, info.verb === 'list')
    const answer = await within(call.signal, handlers[info.verb](asked))
    warn(call, reply)
    const gzip = acceptsGzip(request.headers['accept-encoding'])
    return send(reply, answer, { resource: info.resource, media, forms, gzip })
  }

  function discover(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const found = options.discovery(request.url.split('?')[0]!, request.headers)
    if (!found) throw noSuchResource()
    return reply.code(found.code).headers(found.headers).send(found.body)
  }

  function apiRequest(
    call: Call,
    info: RequestInfo,
    { body, headers }: FastifyRequest,
  ): ApiRequest {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
    const reads = info.verb === 'get' || info.verb === 'list' || info.verb === 'watch'
    return {
      ...info,
      user: call.user,
      body: bytes,
      contentType: reads ? '' : bodyType(info.verb, headers['content-type'], bytes.length),
      userAgent: headers['user-agent'] ?? '',
      signal: call.signal,
      warn: text => call.warnings.add(text),
    }
  }

  function open(call: Call, reply: FastifyReply) {
    warn(call, reply)
    reply.header('content-type', 'application/json').hijack()
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    reply.raw.writeHead(200).flushHeaders()
    return watchStream(reply.raw)
  }

  function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const call = calls.get(request)
    const about = { verb: call?.verb ?? '', resource: call?.resource ?? '' }
    const { body, retryAfterSeconds } = failure(error, log, about)
    if (call) warn(call, reply)
    if (retryAfterSeconds) reply.header('retry-after', String(retryAfterSeconds))
    // Bytes: with a text, Node would write the headers in UTF-8 as well, and warnings are in it already.
    reply
      .code(body.code)
      .type('application/json')
      .send(Buffer.from(JSON.stringify(body)))
  }

  const { server } = app
  return {
    listen: async (host, port) => void (await app.listen({ host, port })),
    address: () => server.address() as { address: string; port: number },
    setCertificate: ({ cert, key }) =>
      server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    drain() {
      draining = true
      for (const call of watches) call.abort(drained())
    },
    close: () =>
      closing(app.close(), {
        busy: () => underWay.size > 0,
        closeAll: () => server.closeAllConnections(),
        mostMs: limits.requestMs,
      }),
  }
}

function warn({ warnings }: Call, reply: FastifyReply): void {
  const { headers } = warnings
  if (headers.length > 0) reply.header('warning', headers)
}
