import { hkdfSync, randomInt, randomUUID } from 'node:crypto'
import type { Registry as Metrics } from 'prom-client'
import { askAccess } from '#src/admission/access.ts'
import type { Snapshot } from '#src/admission/snapshot.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import type { Registry } from '#webhooks/registry.ts'
import { admissionOf, type RunningAdmission } from './admission/admission-of.ts'
import type { ReadOwn } from './admission/own-rules.ts'
import type { AuthenticationConfig } from './auth/authentication-config.ts'
import { authenticator } from './auth/authenticator.ts'
import { delegatedAuthorization, delegatedTokens } from './auth/delegated.ts'
import { discovery } from './discovery/discovery.ts'
import { forms } from './encode/served-forms.ts'
import { httpMetrics } from './http/metrics.ts'
import { apiServer, type ApiServer, type Certificate } from './http/server.ts'
import { hooksOf } from './kinds/index.ts'
import { fieldManagerOf } from './managed-fields/field-manager.ts'
import { continueTokens } from './read/continue-token.ts'
import { Frames } from './read/frames.ts'
import { get } from './read/get.ts'
import { list } from './read/list.ts'
import { watch, WATCH_LIMITS } from './read/watch.ts'
import type { Handler } from './request.ts'
import type { Resource } from './resource.ts'
import { agentPermissionReview } from './reviews/agent-permission-review.ts'
import { reviewHandler } from './reviews/create.ts'
import { refUpdateReview } from './reviews/ref-update-review.ts'
import type { ReviewSources } from './reviews/review.ts'
import type { Storage } from './storage/open.ts'
import { selectionOf } from './write/selection.ts'
import { applyPatch } from './write/json-patch.ts'
import { guarded, writeHandlers } from './write/handlers.ts'

export interface ActivityServerOptions {
  /** What is stored, and what is only ever asked (`virtual`). */
  readonly resources: readonly Resource[]
  readonly storage: Pick<Storage, 'store' | 'feed'>
  /** What all replicas know and nobody else, to sign continue tokens with. */
  readonly secret: string
  readonly client: Client
  /** Kradle's own rules for these resources, and the rest of the cluster as they see it. */
  readonly registry: Registry
  readonly snapshot: Snapshot
  /** Whom to believe; undefined while nobody knows yet. */
  readonly authentication: () => AuthenticationConfig | undefined
  readonly certificate: Certificate
  readonly unreadiness: () => string | undefined
  readonly metrics: Metrics
  readonly log: Logger
}

export interface ActivityServer extends ApiServer {
  readonly admission: RunningAdmission
}

/** The activity API, put together. Its admission has to be started, and so has the server. */
export function activityServer(options: ActivityServerOptions): ActivityServer {
  const { storage, client, snapshot, log, metrics, certificate } = options
  const resources = options.resources.filter(({ virtual }) => !virtual)
  const reviews = options.resources.filter(({ virtual }) => virtual)
  const { store, feed } = storage
  const authorizer = delegatedAuthorization(client, log)
  const tokens = continueTokens(
    Buffer.from(hkdfSync('sha256', options.secret, '', 'continue tokens', 32)),
  )
  const view: ReviewSources['view'] = (reads, signal) =>
    snapshot.view(reads, new Date(), () => signal)
  const readOwn = readFrom(resources, storage)
  const admission = admissionOf({
    client,
    log,
    metrics,
    applyPatch,
    own: {
      registry: options.registry,
      view,
      ask: (user, questions, signal) => askAccess(client, user, questions, signal),
      readOwn,
    },
  })
  const managers = new Map(
    resources.map(resource => [
      resource,
      fieldManagerOf({
        schema: resource.schema,
        apiVersion: apiVersionOf(resource.kind),
        kind: resource.kind.kind,
      }),
    ]),
  )
  const counted = httpMetrics(metrics)
  const writing = writeHandlers({
    store,
    admission,
    limitOf: ({ kind }, namespace) => admission.limitOf(kind, namespace),
    authorizer,
    fieldManagers: resource => managers.get(resource)!,
    served: ({ plural }) => resources.find(({ kind }) => kind.plural === plural),
    hooks: ({ kind }) => hooksOf(kind),
    selection: selectionOf(tokens),
    clock: Date.now,
    random: { uuid: randomUUID, index: below => randomInt(below) },
  })
  const sources: ReviewSources = {
    authorizer,
    view,
    readOwn: readOwn as ReviewSources['readOwn'],
  }
  const answering = reviewHandler(
    reviews.map(({ kind }) => kind.plural),
    {
      agentpermissionreviews: agentPermissionReview(sources),
      refupdatereviews: refUpdateReview(sources),
    },
    admission,
  )
  const server = apiServer({
    resources: options.resources,
    handlers: {
      get: get(store, feed),
      list: list(store, feed, tokens),
      ...writing,
      create: byResource(guarded(answering, ['']), writing.create),
    },
    watch: watch({
      store,
      feed,
      frames: new Frames(forms),
      limits: WATCH_LIMITS,
      onDropped: (resource, bytes) => counted.dropped(resource, bytes),
    }),
    forms,
    authenticator: authenticator({
      config: options.authentication,
      tokens: delegatedTokens(client, log),
      log,
    }),
    authorizer,
    discovery: discovery(resources, reviews),
    metrics: counted,
    log,
    certificate,
    unreadiness: options.unreadiness,
  })
  return { ...server, admission }
}

const byResource =
  (virtual: Handler, stored: Handler): Handler =>
  request =>
    (request.resource.virtual ? virtual : stored)(request)

/** Rules see the objects of this server as they are at this moment. */
function readFrom(resources: readonly Resource[], { store }: Pick<Storage, 'store'>): ReadOwn {
  const byPlural = new Map(resources.map(resource => [resource.kind.plural, resource]))
  return async ({ plural }, name, namespace = '', signal) => {
    const resource = byPlural.get(plural)
    const entry = resource && (await store.get(resource, { namespace, name }, signal))
    return entry && (JSON.parse(entry.json) as KubernetesObject)
  }
}
