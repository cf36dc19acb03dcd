import { namespacedPolicies, PolicyException } from '#src/api/kyverno/v1.ts'
import { LABEL_ORG, orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyExceptionRequest, PolicyProfile } from '#src/api/policy/v1alpha1.ts'
import type { PolicyReport } from '#src/api/policy-reports.ts'
import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { watch, type Watch } from '#src/lib/controller.ts'
import { referenceWatches } from '#src/lib/reference-conditions.ts'
import { LABEL_POLICY_BINDING, policyNameOf } from '#src/policy/names.ts'
import { refTo } from './kyverno-heartbeat.ts'
import { kyvernoWatches, reporterWatch } from './kyverno-state.ts'
import { countable } from './report-counts.ts'

/** What a binding depends on, what is made of it, and what is reported by it in objects of the given kind. */
export const bindingWatches = (reports: Kind<PolicyReport>): readonly Watch[] => [
  ...referenceWatches(PolicyBinding).filter(({ kind }) => kind.kind !== PolicyProfile.kind),
  // A binding that names no profile has the only one of its organisation.
  watch(PolicyProfile, {
    toOwners: ({ metadata }, cluster) => cluster.list(PolicyBinding, metadata.namespace).map(refTo),
  }),
  ...namespacedPolicies.map(kind =>
    watch(kind, { optional: true, toOwners: ({ metadata }) => byLabel(metadata) }),
  ),
  watch(PolicyException, {
    optional: true,
    namespace: PLATFORM_NAMESPACE,
    toOwners: ({ spec }, cluster) =>
      bindingsOf(new Set(spec.policyRefs.map(({ name }) => name)), cluster),
  }),
  // Which exceptions are of a request that is there.
  watch(PolicyExceptionRequest, {
    toOwners: ({ metadata: { namespace }, spec }) => [
      { name: spec.policyRef, ...(namespace !== undefined && { namespace }) },
    ],
  }),
  watch(reports, {
    optional: true,
    project: countable,
    toOwners: ({ metadata, results = [] }, cluster) =>
      bindingsOf(
        new Set(results.map(({ policy }) => policy.replace(/^.*\//, ''))),
        cluster,
        metadata.namespace,
      ),
  }),
  ...kyvernoWatches(PolicyBinding, [...namespacedPolicies, PolicyException, reports]),
  reporterWatch(PolicyBinding),
]

function byLabel({ labels, namespace }: KubernetesObject['metadata']) {
  const name = labels?.[LABEL_POLICY_BINDING]
  return name === undefined ? [] : [{ name, ...(namespace !== undefined && { namespace }) }]
}

/** The bindings whose policies have these names, which are the only ones of their name in the cluster. */
const bindingsOf = (names: ReadonlySet<string>, cluster: Cluster, namespace?: string) =>
  names.size === 0
    ? []
    : cluster
        .list(PolicyBinding, namespace)
        .filter(binding => names.has(nameOf(binding)))
        .map(refTo)

/** Objects of stores are never changed, only replaced. */
const policyNames = new WeakMap<PolicyBinding, string>()

function nameOf(binding: PolicyBinding): string {
  let name = policyNames.get(binding)
  if (name === undefined) {
    name = policyNameOf(binding.spec.organizationRef, binding.metadata.name)
    policyNames.set(binding, name)
  }
  return name
}

/** The namespace of the organisation that something generated is for. */
export const homeOf = ({ labels }: KubernetesObject['metadata']): string =>
  orgNamespace(labels?.[LABEL_ORG] ?? '')
