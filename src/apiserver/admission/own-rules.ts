import { randomUUID } from 'node:crypto'
import type { AdmissionReview } from '#src/api/admission/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { answer, type Answer, type Sources } from '#src/admission/review.ts'
import { idOf, UnwatchedKind, type Cluster } from '#src/lib/cluster.ts'
import type { Logger } from '#src/lib/log.ts'
import type { Registry } from '#webhooks/registry.ts'
import { MalformedRequest } from '#webhooks/request.ts'
import type { Read } from '#webhooks/rule.ts'
import { StatusError } from '../status-error.ts'
import { applyPatch } from '../write/json-patch.ts'
import type { Attributes } from './admission.ts'
import { forbidden } from './refusal.ts'
import { requestOf } from './review-request.ts'

/** Reads an object of the activity group from the store. */
export type ReadOwn = (
  kind: Kind,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
) => Promise<KubernetesObject | undefined>

/** What Kradle's own rules stand on. */
export interface OwnRules {
  readonly registry: Registry
  /** The rest of the cluster with the wanted objects read, and what the requester may do; `Snapshot.view` and `askAccess`. */
  readonly view: (reads: readonly Read[], signal: AbortSignal) => Cluster | Promise<Cluster>
  readonly ask: (
    ...args: [...Parameters<Sources['ask']>, AbortSignal]
  ) => ReturnType<Sources['ask']>
  readonly readOwn: ReadOwn
  readonly log: Logger
}

/** What Kradle fills in. The given object where there is nothing to. Throws StatusError where it refuses. */
export async function fillIn(
  own: OwnRules,
  attributes: Attributes & { readonly object: UnknownObject },
): Promise<UnknownObject> {
  const { decision } = await decided(own, attributes, 'mutate')
  const patch = decision?.patch ?? []
  return patch.length === 0
    ? attributes.object
    : (applyPatch(attributes.object, patch) as UnknownObject)
}

/** Asks Kradle's own rules. Passes their warnings on; throws StatusError where one denies, or nothing could be decided. */
export async function askOwnRules(own: OwnRules, attributes: Attributes): Promise<void> {
  await decided(own, attributes, 'validate')
}

async function decided(
  own: OwnRules,
  attributes: Attributes,
  mode: 'mutate' | 'validate',
): Promise<Answer> {
  const { registry, ask, log } = own
  const { signal } = attributes
  // Of a deletecollection each object is asked about by itself.
  if (attributes.operation === 'DELETE' && !attributes.oldObject) return NOTHING
  const answered = await answer(mode, reviewFor(attributes), registry, {
    view: reads => viewOf(own, reads, attributes),
    ask: (user, reviews) => ask(user, reviews, signal),
  })
  const { response, error, decision } = answered
  for (const failure of decision?.failures ?? [])
    log.error({ rule: failure.rule, err: failure.error }, 'a rule failed')
  for (const warning of response.warnings ?? []) attributes.warn(warning)
  if (response.allowed) return answered
  const { code, message, details } = response.status!
  // What is malformed is for the schema to refuse, which says more.
  if (mode === 'mutate' && error instanceof MalformedRequest) return NOTHING
  if (error !== undefined) {
    log.warn({ err: error }, 'nothing was decided')
    throw new StatusError(code, response.status!.reason, message)
  }
  throw forbidden(attributes, message, details?.causes)
}

const NOTHING: Answer = {
  response: { uid: '', allowed: true },
  request: undefined,
  decision: undefined,
  error: undefined,
}

function reviewFor(attributes: Attributes): AdmissionReview {
  const { object, oldObject } = attributes
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      ...(requestOf(attributes, randomUUID()) as unknown as NonNullable<
        AdmissionReview['request']
      >),
      object: object ?? null,
      oldObject: oldObject ?? null,
    },
  }
}

/** The cluster with the activity kinds from the store, and everything else as the webhook server sees it. */
async function viewOf(
  { view, readOwn }: OwnRules,
  reads: readonly Read[],
  { resource, signal }: Attributes,
): Promise<Cluster> {
  const isOwn = (kind: Kind): boolean => kind.group === resource.kind.group
  const [cluster, ...found] = await Promise.all([
    view(
      reads.filter(({ kind }) => !isOwn(kind)),
      signal,
    ),
    ...reads
      .filter(({ kind }) => isOwn(kind))
      .map(async ({ kind, name, namespace }) => ({
        id: idOf(kind, name, namespace),
        object: await readOwn(kind, name, namespace, signal),
      })),
  ])
  const own = new Map(found.map(({ id, object }) => [id, object]))
  return {
    now: cluster.now,
    get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string) {
      if (!isOwn(kind)) return cluster.get(kind, name, namespace)
      const id = idOf(kind, name, namespace)
      // Nothing watches them: a rule has to say which it wants.
      if (!own.has(id)) throw new UnwatchedKind(kind)
      return own.get(id) as T | undefined
    },
    list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string) {
      if (isOwn(kind)) throw new UnwatchedKind(kind)
      return cluster.list(kind, namespace)
    },
  }
}
