import { AgentApproval, AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isSamePerson, isServiceAccount } from '#webhooks/person.ts'
import { allow, deny, rule, type AccessReview, type Finding, type Request } from '#webhooks/rule.ts'

/**
 * An approval is decided once, by somebody with the verb approve who is neither whoever asks nor the agent itself.
 *
 * Accounts that are mapped to one User are one person. No service account decides: whoever can run a Pod under one
 * could approve what he asks for as himself.
 */
export default rule({
  kinds: [AgentApproval],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R86', 'R88', 'R93'],
  watches: [AgentStack, IdentityMapping],
  gets: [AgentDispatchRun],
  live: [],
  lookups: request =>
    isDeciding(request)
      ? [
          {
            kind: AgentDispatchRun,
            name: textOf(request.object.spec['dispatchRun']),
            namespace: request.namespace,
            fresh: 'live',
          },
        ]
      : [],
  reviews: request => (isDeciding(request) ? [approve(request)] : []),
  decide(request, cluster, access) {
    if (request.operation === 'CREATE') return decidedAtBirth(request)
    if (!isDeciding(request)) return allow
    return [
      ...whoMayNot(request, cluster),
      ...(access.allowed(approve(request)) ? allow : withoutVerb(request)),
      ...tooLate(request, cluster),
    ]
  },
})

/** Whether this very write decides. */
const isDeciding = ({ operation, object, oldObject }: Request): boolean =>
  operation === 'UPDATE' &&
  object.spec['decision'] !== undefined &&
  oldObject?.spec['decision'] === undefined

const approve = ({ namespace, name }: Request): AccessReview => ({
  verb: 'approve',
  group: AgentApproval.group,
  resource: AgentApproval.plural,
  namespace,
  name,
})

function decidedAtBirth({ object: { spec } }: Request): readonly Finding[] {
  const field = ['decision', 'reason'].find(name => name in spec)
  if (!field) return allow
  return deny({
    rule: 'R86',
    field: `spec.${field}`,
    value: spec[field],
    problem: 'comes with the question, and is for somebody else to write',
    fix: 'leave it out; whoever may approve patches it',
  })
}

function whoMayNot(request: Request, cluster: Cluster): readonly Finding[] {
  const { object, user } = request
  const username = user.username ?? ''
  const requester = textOf(object.spec['requestedBy'])
  const refused = (problem: string): readonly Finding[] =>
    deny({
      rule: 'R88',
      field: 'spec.decision',
      value: object.spec['decision'],
      problem,
      fix: 'ask somebody else who may approve',
    })
  if (username === accountOf(request, cluster))
    return refused(`is written by "${username}", under which the run itself works`)
  if (username === requester) return refused(`is written by "${username}", who asks for it`)
  if (isServiceAccount(username))
    return refused(`is written by "${username}", and a program cannot answer for a person`)
  return isSamePerson(username, requester, request.namespace, cluster)
    ? refused(
        `is written by "${username}", who is the same User as "${requester}", who asks for it`,
      )
    : allow
}

/** The account of the agent, which is there as long as its run and its stack are. */
function accountOf({ object, namespace }: Request, cluster: Cluster): string | undefined {
  const run = cluster.get(AgentDispatchRun, textOf(object.spec['dispatchRun']), namespace)
  const stack = run && cluster.get(AgentStack, run.spec.agentStack, namespace)
  return (
    stack && `system:serviceaccount:${namespace}:${stack.spec.runtimeIdentity.serviceAccountRef}`
  )
}

const withoutVerb = ({ object, namespace, name, user }: Request): readonly Finding[] =>
  deny({
    rule: 'R88',
    field: 'spec.decision',
    value: object.spec['decision'],
    problem: `is for whoever has the verb approve, which "${user.username}" has not on agentapprovals "${name}" in namespace "${namespace}"`,
    fix: 'ask an admin of the organisation to decide',
  })

/** Phases of a run in which nothing waits for the answer any more. */
const OVER: readonly (string | undefined)[] = ['Completed', 'Failed']

function tooLate({ object, oldObject, namespace }: Request, cluster: Cluster): readonly Finding[] {
  const expiresAt = textOf(object.spec['expiresAt'])
  const answer = (oldObject?.['status'] as { phase?: string } | undefined)?.phase
  const run = cluster.get(AgentDispatchRun, textOf(object.spec['dispatchRun']), namespace)
  const late = (problem: string): readonly Finding[] =>
    deny({
      rule: 'R93',
      field: 'spec.decision',
      value: object.spec['decision'],
      problem,
      fix: 'have it asked again, by another AgentApproval',
    })
  if (answer === 'Approved' || answer === 'Denied')
    return late(`comes after the answer "${answer}"`)
  if (expiresAt !== '' && new Date(expiresAt) <= cluster.now)
    return late(`comes after ${expiresAt}`)
  if (run && OVER.includes(run.status?.phase))
    return late(`comes after run "${run.metadata.name}", which is ${run.status!.phase}`)
  return allow
}
