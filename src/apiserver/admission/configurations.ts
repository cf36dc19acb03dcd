import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Namespace } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import { Reflector } from '#src/lib/reflector.ts'
import type { BoundPolicy } from './policy/dispatch.ts'
import { policyOf, type AdmissionPolicy, type Policy, type PolicyBinding } from './policy/policy.ts'
import { hooksOf, type Hook, type WebhookConfiguration } from './webhook/hook.ts'

/** What the cluster wants to be asked about writes, as it is now. */
export interface Configurations {
  readonly mutatingWebhooks: readonly Hook[]
  readonly validatingWebhooks: readonly Hook[]
  readonly mutatingPolicies: readonly BoundPolicy[]
  readonly validatingPolicies: readonly BoundPolicy[]
}

/** By the objects they were made of, which are replaced whole whenever they change. */
const hooks = new WeakMap<KubernetesObject, readonly Hook[]>()
const policies = new WeakMap<KubernetesObject, Policy>()

function known<T>(kept: WeakMap<KubernetesObject, T>, object: KubernetesObject, make: () => T): T {
  const value = kept.get(object) ?? make()
  kept.set(object, value)
  return value
}

const isKradles = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels?.['app.kubernetes.io/part-of'] === 'kradle'

const webhooksIn = (configurations: readonly KubernetesObject[]): readonly Hook[] =>
  configurations
    // Kradle's own rules are asked in process.
    .filter(configuration => !isKradles(configuration))
    .flatMap(configuration =>
      known(hooks, configuration, () => hooksOf(configuration as WebhookConfiguration)),
    )

/** The policies that any binding puts in force, in the order of their names, each with its bindings in the order of theirs. */
export function boundPolicies(
  all: readonly KubernetesObject[],
  bindings: readonly KubernetesObject[],
): readonly BoundPolicy[] {
  const byPolicy = Map.groupBy(bindings as readonly PolicyBinding[], ({ spec }) => spec.policyName)
  return all.flatMap(policy => {
    const bound = byPolicy.get(policy.metadata.name)
    if (!bound) return []
    const compiled = known(policies, policy, () => policyOf(policy as AdmissionPolicy))
    return [{ policy: compiled, bindings: bound }]
  })
}

/** Watches the cluster's admission configurations and its namespaces. */
export class ConfigurationWatch {
  readonly reflectors: readonly Reflector[]
  readonly namespaces: Reflector<Namespace>
  readonly #of: (kind: Kind) => readonly KubernetesObject[]
  #kept: { readonly of: readonly unknown[]; readonly value: Configurations } | undefined

  constructor(client: Client, log: Logger) {
    const reflect = <T extends KubernetesObject>(kind: Kind<T>, optional = false) =>
      new Reflector<T>({ client, kind, log, ...(optional && { whenAbsent: 'empty' as const }) })
    this.namespaces = reflect(Namespace)
    const configurations = new Map(
      CONFIGURATION_KINDS.map(kind => [kind, reflect(kind, OPTIONAL.includes(kind))] as const),
    )
    this.#of = kind => configurations.get(kind)!.store.list()
    this.reflectors = [this.namespaces, ...configurations.values()]
  }

  start(): void {
    for (const reflector of this.reflectors) reflector.start()
  }

  /** Rejects with an AbortError where `stop` comes first. */
  async synced(): Promise<void> {
    await Promise.all(this.reflectors.map(reflector => reflector.synced()))
  }

  get hasSynced(): boolean {
    return this.reflectors.every(({ hasSynced }) => hasSynced)
  }

  async stop(): Promise<void> {
    await Promise.all(this.reflectors.map(reflector => reflector.stop()))
  }

  /** As last seen; the same until something changes. */
  get current(): Configurations {
    const lists = CONFIGURATION_KINDS.map(this.#of)
    const kept = this.#kept
    if (kept && lists.every((list, index) => list === kept.of[index])) return kept.value
    const [mwc, vwc, vap, vapb, map, mapb] = lists
    const value = {
      mutatingWebhooks: webhooksIn(mwc!),
      validatingWebhooks: webhooksIn(vwc!),
      validatingPolicies: boundPolicies(vap!, vapb!),
      mutatingPolicies: boundPolicies(
        // They say what Kradle fills in by itself.
        map!.filter(policy => !isKradles(policy)),
        mapb!,
      ),
    }
    this.#kept = { of: lists, value }
    return value
  }
}

/** What is watched of them. */
export const CONFIGURATION_KINDS: readonly Kind[] = [
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
]

/** Not every cluster that Kradle runs on has them. */
const OPTIONAL: readonly Kind[] = [MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding]
