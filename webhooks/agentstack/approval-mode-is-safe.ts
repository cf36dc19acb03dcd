import { AgentStack, KradleWorkspacePolicy } from '#src/api/agents/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A stack that asks nobody before it acts is not for workspaces whose policy wants approvals.
 *
 * The policy says that somebody has to agree before a run starts; approvalMode `yolo` would have
 * that one click cover whatever the agent does afterwards. A policy that is not there yet is for
 * the condition CapabilitiesResolved.
 */
export default rule({
  kinds: [AgentStack],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R83'],
  background: 'always',
  watches: [KradleWorkspacePolicy],
  lookups(request) {
    const name = policyOf(request)
    return name === ''
      ? []
      : [{ kind: KradleWorkspacePolicy, name, namespace: request.namespace, fresh: 'on-miss' }]
  },
  decide(request, cluster) {
    const name = policyOf(request)
    const policy = name && cluster.get(KradleWorkspacePolicy, name, request.namespace)
    if (!policy || !policy.spec.requiresApproval) return allow
    return deny({
      rule: 'R83',
      field: 'spec.approvalMode',
      value: 'yolo',
      problem: `asks nobody, and KradleWorkspacePolicy "${name}" wants every run approved`,
      fix: 'write prompt or deny, or name another workspacePolicyRef',
    })
  },
})

/** The policy to be looked at, '' where nothing that matters is new. */
function policyOf({ object: { spec }, oldObject }: Request): string {
  if (spec['approvalMode'] !== 'yolo') return ''
  const name = textOf(spec['workspacePolicyRef'])
  const isOld =
    oldObject?.spec['approvalMode'] === 'yolo' &&
    textOf(oldObject.spec['workspacePolicyRef']) === name
  return isOld ? '' : name
}
