import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount, type AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import type { Cluster, Lookup } from '#src/lib/cluster.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { isFor } from '#src/lib/projection.ts'

/** The name of the account that a binding's subject stands for; undefined where its stack does not exist. */
export function accountNameOf(
  { spec: { subject }, metadata }: AgentRoleBinding,
  cluster: Cluster,
): string | undefined {
  if (subject.kind === 'agent-service-account') return subject.name
  const stack = cluster.get(AgentStack, subject.name, metadata.namespace)
  return stack?.spec.runtimeIdentity.serviceAccountRef
}

/** The account is read live: what is lent to it must not reach one that was just put in its place. */
export function accountLookups(binding: AgentRoleBinding, cluster: Cluster): readonly Lookup[] {
  const name = accountNameOf(binding, cluster)
  const { namespace } = binding.metadata
  return name === undefined ? [] : [{ kind: ServiceAccount, name, namespace }]
}

/** The account that a role may be bound to, if there is one, and the condition that says so. */
export function accountFor(
  binding: AgentRoleBinding,
  cluster: Cluster,
): { readonly account?: string; readonly condition: ConditionInput } {
  const { namespace } = binding.metadata
  const name = accountNameOf(binding, cluster)
  if (name === undefined)
    return unresolved(
      'AgentStackMissing',
      `AgentStack "${binding.spec.subject.name}" does not exist`,
    )
  const claim = cluster.get(AgentServiceAccount, name, namespace)
  if (!claim)
    return unresolved('AgentServiceAccountMissing', `AgentServiceAccount "${name}" does not exist`)
  const live = cluster.get(ServiceAccount, name, namespace)
  if (!live)
    return unresolved('ServiceAccountMissing', `ServiceAccount "${name}" is yet to be made`)
  if (!isFor(claim, live))
    return unresolved(
      'ServiceAccountNotOurs',
      `ServiceAccount "${name}" is not that of the AgentServiceAccount, and gets nothing`,
    )
  return {
    account: name,
    condition: met('SubjectsResolved', 'Resolved', `The subject is ServiceAccount "${name}"`),
  }
}

const unresolved = (reason: string, message: string) => ({
  condition: unmet('SubjectsResolved', reason, message),
})
