import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { AgentPermissionReview } from '#src/api/reviews/v1alpha1.ts'
import { reviewPermissions, type StackResult } from '#src/permissions/review.ts'
import { notFound } from '../status-error.ts'
import type { Review, ReviewSources } from './review.ts'

type Status = NonNullable<AgentPermissionReview['status']>

/** What is missing for a stack to run on a ref? Whoever may get the stack may know; no approval counts, since each is for one run. */
export const agentPermissionReview =
  ({ authorizer, view }: Omit<ReviewSources, 'readOwn'>): Review =>
  async ({ namespace, spec, user, signal }) => {
    const { agentStack: name, ref, trigger } = spec as unknown as AgentPermissionReview['spec']
    const { group, version, plural: resource } = AgentStack
    await authorizer.authorize(user, {
      verb: 'get',
      group,
      version,
      resource,
      subresource: '',
      namespace,
      name,
      labelSelector: '',
      fieldSelector: '',
    })
    const cluster = await view([{ kind: AgentStack, name, namespace, fresh: 'on-miss' }], signal)
    const stack = cluster.get(AgentStack, name, namespace)
    if (!stack) throw notFound(AgentStack, name)
    const results = reviewPermissions(stack, ref, trigger, { cluster }).map(resultOf)
    // There is always one, for the account, and the most severe comes first.
    const { answer: result } = results[0]!
    return { allowed: result === 'allowed', result, results } satisfies Status
  }

function resultOf(result: StackResult): Status['results'][number] {
  const { requirement, answer, rule, reason, fix, grant, manifest } = result
  const { kind, name, key } = requirement
  return {
    requirement: { kind, name, ...(key !== undefined && { key }) },
    answer,
    rule,
    reason,
    ...(fix && { fix }),
    ...(grant !== undefined && { grant }),
    ...(manifest !== undefined && { manifest }),
  }
}
