import { KradleWorkspaceRuntime } from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { ownedKinds } from '#src/api/kinds.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/** What is used up, and may go by itself. */
const SPENT: readonly Kind[] = [KradleWorkspace, KradleWorkspaceRuntime]

/** By this label Kyverno deletes an object when its time is up, with rights of its own. */
const LIFETIME = 'cleanup.kyverno.io/ttl'

/**
 * Nobody has an object deleted by labelling it; workspaces alone may go that way.
 *
 * Whoever may label decisions, deliveries or grants, but not delete them, could have Kyverno do it for him, which may
 * delete everything. A label that is there may stay, and may be taken off. The admission policy `organization-scope` refuses
 * the same inside the API server, and `managed-objects` for what has rules of its own.
 */
export default rule({
  kinds: ownedKinds.filter(kind => !SPENT.includes(kind)),
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R42'],
  ofMetadata: true,
  native: 'kradle-organization-scope',
  decide({ object, oldObject }) {
    const value = object.metadata.labels[LIFETIME]
    if (value === undefined || value === oldObject?.metadata.labels[LIFETIME]) return allow
    return deny({
      rule: 'R42',
      field: `metadata.labels["${LIFETIME}"]`,
      value,
      problem: 'would have it deleted by Kyverno',
      fix: 'leave it out, and delete the object itself to get rid of it',
    })
  },
})
