import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { deny, rule } from '#webhooks/rule.ts'

/**
 * A run works in a workspace of its repository, its ref and its trust tier alone.
 *
 * What untrusted work leaves behind must never be met by trusted work, nor the other way round.
 */
export default rule({
  kinds: [AgentDispatchRun],
  operations: ['CREATE'],
  enforces: ['R150', 'R151'],
  background: 'while-open',
  watches: [KradleWorkspace],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['workspaceRef'])
    return name === '' ? [] : [{ kind: KradleWorkspace, name, namespace, fresh: 'on-miss' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['workspaceRef'])
    const workspace = cluster.get(KradleWorkspace, name, namespace)
    if (!workspace) return []
    return (['repository', 'ref', 'trustTier'] as const).flatMap(field => {
      const theirs = workspace.spec[field] ?? ''
      // A run that does not say is untrusted, as the schema fills it in.
      const ours = textOf(spec[field]) || (field === 'trustTier' ? 'untrusted' : '')
      if (theirs === ours) return []
      return deny({
        rule: field === 'trustTier' ? 'R151' : 'R150',
        field: 'spec.workspaceRef',
        value: name,
        problem: `is for ${field} "${theirs}", and the run has "${ours}"`,
        fix: 'name another workspace, or none, and one is found or made',
      })
    })
  },
})
