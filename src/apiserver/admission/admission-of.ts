import type { Registry as Metrics } from 'prom-client'
import type { Kind } from '#src/api/kind.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import type { Reflector } from '#src/lib/reflector.ts'
import { reviewAccessBy, type ReviewAccess } from './access.ts'
import type { Admission } from './admission.ts'
import { chainOf } from './chain.ts'
import { ConfigurationWatch } from './configuration-watch.ts'
import { namespacesOf } from './namespaces.ts'
import { countLimit, type CountLimit } from './quotas.ts'
import type { OwnRules } from './own-rules.ts'
import { countProblems, reportProblems } from './unsupported.ts'
import type { Mutating } from './webhook/mutating.ts'
import { WebhookTransport } from './webhook/transport.ts'

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
  /** How many objects of the kind the namespace may have; as last seen, which is after `validate` has let one through. */
  limitOf(kind: Kind, namespace: string): CountLimit | undefined
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
  const { client, log, applyPatch, syncWaitMs = 10_000 } = options
  const watch = new ConfigurationWatch(client, log)
  const transport = new WebhookTransport()
  const report = reportProblems(log)
  countProblems(options.metrics, () => watch.current)
  const chain = chainOf({
    async ready() {
      const current = await watch.ready(syncWaitMs)
      report(current)
      return current
    },
    namespaces: namespacesOf(watch.namespaces.store, client),
    own: options.own && { ...options.own, applyPatch, log },
    applyPatch,
    reviewAccess: options.reviewAccess ?? reviewAccessBy(client),
    transport,
    log,
  })
  return {
    ...chain,
    limitOf: (kind, namespace) => countLimit(watch.quotas.store.list(namespace), kind),
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
  }
}
