import type { KubernetesObject } from '#src/api/object.ts'
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

type Objects = readonly KubernetesObject[]

/** All there is of one kind each. */
export interface Lists {
  readonly mutatingWebhookConfigurations: Objects
  readonly validatingWebhookConfigurations: Objects
  readonly validatingPolicies: Objects
  readonly validatingBindings: Objects
  readonly mutatingPolicies: Objects
  readonly mutatingBindings: Objects
}

/** What these say. Never throws: what cannot be evaluated is a problem of its own. */
export const configurationsOf = (lists: Lists): Configurations => ({
  mutatingWebhooks: webhooksIn(lists.mutatingWebhookConfigurations),
  validatingWebhooks: webhooksIn(lists.validatingWebhookConfigurations),
  validatingPolicies: boundPolicies(lists.validatingPolicies, lists.validatingBindings),
  mutatingPolicies: boundPolicies(
    // They say what Kradle fills in by itself.
    lists.mutatingPolicies.filter(policy => !isKradles(policy)),
    lists.mutatingBindings,
  ),
})
