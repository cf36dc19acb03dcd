import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendSyncPolicy } from '#src/api/external-backends/v1alpha1.ts'
import { mapOf, textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Whether a write to a provider is approved first is for its ExternalBackendSyncPolicy to say, not for the intent.
 *
 * Without a policy, or with one that says reviewed-write, somebody is asked; an agent's write is
 * always approved unless the policy says that agents need not ask. Of several policies the strictest counts.
 */
export default rule({
  kinds: [ExternalWriteIntent],
  operations: ['CREATE'],
  enforces: ['R180'],
  background: 'while-open',
  watches: [ExternalBackendSyncPolicy],
  decide({ object: { spec }, namespace }, cluster) {
    const provider = textOf(spec['providerRef'])
    const policies = cluster
      .list(ExternalBackendSyncPolicy, namespace)
      .filter(policy => policy.spec.providerRef === provider)
    const refused = (field: string, value: unknown, problem: string, fix: string) =>
      deny({ rule: 'R180', field, value, problem, fix })

    const closed = policies.find(policy => policy.spec.writePolicy.defaultMode === 'read-only')
    if (closed)
      return refused(
        'spec.providerRef',
        provider,
        `is a provider that nothing is written to, says ExternalBackendSyncPolicy "${closed.metadata.name}"`,
        'make the change at the provider',
      )
    if (mapOf(spec['approvalPolicy'])['required'] !== false) return allow

    const field = 'spec.approvalPolicy.required'
    const fix = 'write true, or leave it out'
    const asking = policies.find(
      policy => policy.spec.writePolicy.defaultMode !== 'automatic-write',
    )
    if (asking || policies.length === 0)
      return refused(
        field,
        false,
        asking
          ? `is not what ExternalBackendSyncPolicy "${asking.metadata.name}" says: writes are reviewed`
          : `is for providers whose ExternalBackendSyncPolicy says automatic-write, and "${provider}" has none`,
        fix,
      )
    const careful = policies.find(policy => policy.spec.writePolicy.agentWriteRequiresApproval)
    return careful && mapOf(spec['source'])['kind'] === 'AgentAction'
      ? refused(
          field,
          false,
          `is not for what an agent asks for, says ExternalBackendSyncPolicy "${careful.metadata.name}"`,
          fix,
        )
      : allow
  },
})
