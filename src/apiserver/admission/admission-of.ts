import type { Registry as Metrics } from 'prom-client'
import type { Namespace } from '#src/api/core/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import type { Logger } from '#src/lib/log.ts'
import type { Reflector } from '#src/lib/reflector.ts'
import { reviewAccessBy, type ReviewAccess } from './access.ts'
import type { Admission, Attributes } from './admission.ts'
import { ConfigurationWatch, type Configurations } from './configurations.ts'
import type { NamespaceOf } from './match/matches.ts'
import { checkNamespace } from './namespace-lifecycle.ts'
import { namespacesOf, type Namespaces } from './namespaces.ts'
import { askOwnRules, fillIn, type OwnRules } from './own-rules.ts'
import { Context } from './policy/context.ts'
import { askMutatingPolicies, askValidatingPolicies } from './policy/dispatch.ts'
import { notReady, timedOut } from './refusal.ts'
import { countProblems, reportProblems } from './unsupported.ts'
import { askMutatingWebhooks, Rounds, type Mutating } from './webhook/mutating.ts'
import { WebhookTransport } from './webhook/transport.ts'
import { askValidatingWebhooks } from './webhook/validating.ts'

export interface AdmissionOptions {
  readonly client: Client
  readonly log: Logger
  readonly metrics: Metrics
  /** Kradle's own rules; without them the cluster's alone are asked. */
  readonly own?: Omit<OwnRules, 'applyPatch' | 'log'>
  readonly applyPatch: Mutating['applyPatch']
  /** What `authorizer` in expressions asks; SubjectAccessReviews by `client` unless told otherwise. */
  readonly reviewAccess?: ReviewAccess
  /** How long a request waits for the watches to have seen everything; 10,000 unless told otherwise. */
  readonly syncWaitMs?: number
}

/** Admission with its watches. */
export interface RunningAdmission extends Admission {
  /** For readiness and metrics. */
  readonly reflectors: readonly Reflector[]
  start(): void
  /** Resolves once every watch has seen everything; rejects with an AbortError where `stop` comes first. */
  synced(): Promise<void>
  stop(): Promise<void>
}

/**
 * Decides on writes as kube-apiserver would, in the same order and words: whether the namespace is there, what Kradle and the
 * cluster's webhooks make of the object, then Kradle's rules, the cluster's admission policies and its validating webhooks.
 */
export function admissionOf(options: AdmissionOptions): RunningAdmission {
  const { client, log, applyPatch } = options
  const watch = new ConfigurationWatch(client, log)
  const namespaces = namespacesOf(watch.namespaces.store, client)
  const transport = new WebhookTransport()
  const own = options.own && { ...options.own, applyPatch, log }
  const reviewAccess = options.reviewAccess ?? reviewAccessBy(client)
  const contextOf = (attributes: Attributes): Context => new Context(attributes, reviewAccess)
  const report = reportProblems(log)
  countProblems(options.metrics, () => watch.current)

  const ready = async (): Promise<Configurations> => {
    if (!watch.hasSynced) await synced(watch, options.syncWaitMs ?? 10_000)
    const { current } = watch
    report(current)
    return current
  }

  const mutate = async (
    attributes: Attributes,
    reconsider: (object: UnknownObject) => UnknownObject,
  ): Promise<UnknownObject | undefined> => {
    const current = await ready()
    await checkNamespace(attributes, namespaces)
    const namespaceOf = namespaceOfWrite(attributes, namespaces)
    const filled = async (object: UnknownObject | undefined) =>
      object && own ? await fillIn(own, { ...attributes, object }) : object
    const mutating: Mutating = { transport, log, applyPatch, reconsider, contextOf }
    const rounds = new Rounds()
    const ask = (object: UnknownObject | undefined) =>
      askMutatingWebhooks(
        current.mutatingWebhooks,
        { ...attributes, object },
        namespaceOf,
        rounds,
        mutating,
      )

    const object = await filled(attributes.object)
    await askMutatingPolicies(
      current.mutatingPolicies,
      contextOf({ ...attributes, object }),
      namespaceOf,
    )
    const changed = await ask(object)
    if (!rounds.hasChanged) return changed
    // Once more, and only once: what was changed may need Kradle's part again, and webhooks may want to see it.
    const again = await filled(changed)
    if (!jsonEqual(again, changed)) rounds.changed()
    rounds.beginSecond()
    return ask(again)
  }

  const validate = async (attributes: Attributes): Promise<void> => {
    if (attributes.operation === 'DELETE') await mutate(attributes, object => object)
    const current = await ready()
    if (own) await askOwnRules(own, attributes)
    const context = contextOf(attributes)
    const namespaceOf = namespaceOfWrite(attributes, namespaces)
    await askValidatingPolicies(current.validatingPolicies, context, namespaceOf)
    await askValidatingWebhooks(current.validatingWebhooks, context, namespaceOf, {
      transport,
      log,
    })
  }

  return {
    reflectors: watch.reflectors,
    start() {
      watch.start()
      watch.synced().then(
        () => report(watch.current),
        () => {},
      )
    },
    synced: () => watch.synced(),
    async stop() {
      await watch.stop()
      transport.close()
    },
    mutate: (attributes, reconsider) =>
      inTime(attributes, async () => (await mutate(attributes, reconsider))!),
    validate: attributes => inTime(attributes, () => validate(attributes)),
  }
}
/** Reads the namespace of a write once, however many ask. */
function namespaceOfWrite({ namespace, signal }: Attributes, namespaces: Namespaces): NamespaceOf {
  let found: Promise<Namespace | undefined> | undefined
  return () => (found ??= namespaces.get(namespace, signal))
}

/** Throws StatusError 503 where it takes longer than that. */
async function synced(watch: ConfigurationWatch, waitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, waitMs)
  // A watch that was stopped is as good as one that never comes.
  await Promise.race([watch.synced().catch(() => promise), promise])
  clearTimeout(timer)
  if (!watch.hasSynced) throw notReady()
}

/** Whatever fails because the request is over says so. */
async function inTime<T>({ signal }: Attributes, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? timedOut() : error
  }
}
