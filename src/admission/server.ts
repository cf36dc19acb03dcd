import { fastify, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import type { Registry } from '#webhooks/registry.ts'
import { MalformedRequest } from '#webhooks/request.ts'
import { askAccess } from './access.ts'
import { deadlineMs } from './deadline.ts'
import type { AdmissionMetrics } from './metrics.ts'
import { answer, type Answer, type Mode } from './review.ts'
import type { Snapshot } from './snapshot.ts'

export interface ServerOptions {
  /** Answers what nobody could know beforehand: the rights of a requester. */
  readonly client: Client
  readonly registry: Registry
  readonly snapshot: Snapshot
  readonly metrics: AdmissionMetrics
  readonly log: Logger
  readonly certificate: { readonly cert: string; readonly key: string }
  /** Reviews at a time; one more is turned away at once rather than kept waiting. */
  readonly maxInFlight: number
}

export interface AdmissionServer {
  listen(host: string, port: number): Promise<void>
  /** The address it listens on. */
  address(): { readonly address: string; readonly port: number }
  /** Serves a new certificate from the next handshake on; connections that are open stay. */
  setCertificate(certificate: { readonly cert: string; readonly key: string }): void
  /** From now on every answer asks the API server to come back on another connection. */
  drain(): void
  /** Stops listening and resolves once the last answer is out. */
  close(): Promise<void>
}

/** An UPDATE carries two objects of up to 3 MB each, and the envelope. */
const BODY_LIMIT = 7 * 1024 * 1024

/** kube-apiserver drops idle connections after 90 s. Were we first, a write in that moment would fail. */
const KEEP_ALIVE_MS = 120_000

/** The API server's own names end at 253 characters; whoever else sends more shall not fill the log with them. */
const clip = (name: string): string => (name.length > 253 ? `${name.slice(0, 250)}...` : name)

/** The HTTPS server that kube-apiserver calls: POST /validate and /mutate. */
export function admissionServer(options: ServerOptions): AdmissionServer {
  const { client, registry, snapshot, metrics, log, certificate, maxInFlight } = options
  const app = fastify({
    https: { ...certificate, minVersion: 'TLSv1.2' },
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 30_000,
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  })
  let draining = false

  // The body is JSON and nothing else, whatever its content type says; JSON.parse creates own keys only.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }))
    }
  })
  app.addHook('onRequest', (_, reply, done) => {
    if (draining) reply.header('connection', 'close')
    done()
  })
  // The default handler would quote the request.
  app.setErrorHandler((error: { statusCode?: number; code?: string }, _, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.code ?? 'BadRequest' }),
  )
  for (const mode of ['validate', 'mutate'] as const)
    app.post(`/${mode}`, (request, reply) => review(mode, request, reply))

  async function review(mode: Mode, request: FastifyRequest, reply: FastifyReply) {
    if (metrics.inFlight >= maxInFlight) {
      metrics.shed(mode)
      return reply.code(429).header('retry-after', '1').send({ error: 'TooManyRequests' })
    }
    const start = process.hrtime.bigint()
    metrics.begin()
    const timeout = (request.query as Record<string, unknown>)['timeout']
    // Made when something is asked live, which is rare, and one for all of it.
    let deadline: AbortSignal | undefined
    const signal = () => (deadline ??= AbortSignal.timeout(deadlineMs(timeout)))
    const result = await answer(mode, request.body, registry, {
      view: reads => snapshot.view(reads, new Date(), signal),
      ask: (user, reviews) => askAccess(client, user, reviews, signal()),
    })
    metrics.end(mode, result, Number(process.hrtime.bigint() - start) / 1e9)
    note(result)
    // Without a verdict there is nothing to patch; the configuration says what a failure means (Ignore).
    if (mode === 'mutate' && result.error !== undefined) reply.code(500)
    return reply.type('application/json').send(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: result.response,
      }),
    )
  }

  function note({ request, decision, error }: Answer): void {
    if (error === undefined && decision?.allowed !== false) return
    for (const { rule, error: err } of decision?.failures ?? [])
      log.error({ rule, err }, 'a rule failed')
    const data = request && {
      operation: request.operation,
      resource: clip(`${request.resource.resource}.${request.resource.group}`),
      namespace: clip(request.namespace),
      object: clip(request.name),
      user: clip(request.user.username ?? ''),
    }
    // Sent by somebody else than an API server; a stack of ours would only help to fill the disk.
    if (error instanceof MalformedRequest) log.warn({ reason: error.message }, 'malformed review')
    else if (error === undefined)
      log.info({ ...data, rules: decision?.reasons.map(({ rule }) => rule) }, 'denied')
    else log.error({ ...data, err: error }, 'could not decide')
  }

  const { server } = app
  return {
    listen: async (host, port) => void (await app.listen({ host, port })),
    address: () => server.address() as { address: string; port: number },
    setCertificate: ({ cert, key }) =>
      server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    drain() {
      draining = true
    },
    close: () => app.close(),
  }
}
