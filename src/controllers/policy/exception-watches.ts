import { namespacedPolicies, PolicyException } from '#src/api/kyverno/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { PolicyExceptionRequest, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { watch, type Watch } from '#src/lib/controller.ts'
import { referenceWatches } from '#src/lib/reference-conditions.ts'
import { LABEL_EXCEPTION_REQUEST, LABEL_POLICY_BINDING } from '#src/policy/names.ts'
import { homeOf } from './binding-watches.ts'
import { refTo } from './kyverno-heartbeat.ts'
import { kyvernoWatches } from './kyverno-state.ts'

/** What an exception depends on, and what is made of its request. */
export const exceptionWatches: readonly Watch[] = [
  ...referenceWatches(PolicyExceptionRequest),
  // Nothing else is made of what nobody approved.
  ...[PolicyTemplate, PolicyProfile].map(kind =>
    watch<PolicyTemplate | PolicyProfile>(kind, {
      toOwners: ({ metadata: { namespace } }, cluster) =>
        approvedIn(namespace === PLATFORM_NAMESPACE ? undefined : namespace, cluster).map(refTo),
    }),
  ),
  watch(PolicyException, {
    optional: true,
    namespace: PLATFORM_NAMESPACE,
    toOwners({ metadata }, cluster) {
      const name = metadata.labels?.[LABEL_EXCEPTION_REQUEST]
      if (name === undefined) return []
      // Others of the same policy wait for it to be changed for all of them.
      const binding = metadata.labels?.[LABEL_POLICY_BINDING]
      const home = homeOf(metadata)
      const others = approvedIn(home, cluster).filter(({ spec }) => spec.policyRef === binding)
      return [{ name, namespace: home }, ...others.map(refTo)]
    },
  }),
  ...namespacedPolicies.map(kind =>
    watch(kind, {
      optional: true,
      toOwners: ({ metadata: { labels, namespace } }, cluster) =>
        approvedIn(namespace, cluster)
          .filter(({ spec }) => spec.policyRef === labels?.[LABEL_POLICY_BINDING])
          .map(refTo),
    }),
  ),
  ...kyvernoWatches(PolicyExceptionRequest, [PolicyException]).filter(
    ({ kind }) => kind.kind !== 'Lease',
  ),
]

const approvedIn = (namespace: string | undefined, cluster: Cluster) =>
  cluster.list(PolicyExceptionRequest, namespace).filter(({ spec }) => spec.decision === 'Approved')
