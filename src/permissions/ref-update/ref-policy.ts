import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { RefPolicy, type Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { matchesRef } from '../ref-pattern.ts'
import { isApproved, notItsMerge } from './merge-gate.ts'
import { fullRef, operationOf, rewritesHistory, type Reason, type RefUpdate } from './update.ts'

/**
 * The policies that hold for a repository: those for all of them, those that list it, and the one that it names. One that is
 * being deleted holds until it is gone.
 */
export const policiesOf = (
  { metadata: { name, namespace }, spec: { refPolicyRef } }: Repository,
  cluster: Cluster,
): readonly RefPolicy[] =>
  cluster
    .list(RefPolicy, namespace)
    .filter(
      ({ metadata, spec }) =>
        spec.repositories === undefined ||
        spec.repositories.includes(name) ||
        metadata.name === refPolicyRef,
    )

/** Everything that a policy has against an update, whoever makes it (R72). */
export function policyReasons(
  policy: RefPolicy,
  update: RefUpdate,
  repository: string,
  pullRequest: PullRequest | undefined,
): readonly Reason[] {
  const says = (field: string, message: string): Reason => ({
    policy: { kind: 'RefPolicy', name: policy.metadata.name },
    rule: 'R72',
    field: `spec.${field}`,
    message,
  })
  return [
    ...deniedBy(policy, update, says),
    ...forceReasons(policy, update, repository, pullRequest, says),
    ...(operationOf(update) === 'delete' ? [] : commitReasons(policy, update, says)),
  ]
}

type Says = (field: string, message: string) => Reason

function deniedBy({ metadata, spec }: RefPolicy, update: RefUpdate, says: Says): readonly Reason[] {
  const operation = operationOf(update)
  const ref = fullRef(update.ref)
  return (spec.denyRules ?? []).flatMap(({ name, refs, operations, message }, index) => {
    const isDenied =
      operations.includes(operation) && refs.some(pattern => matchesRef(fullRef(pattern), ref))
    if (!isDenied) return []
    const told =
      message ?? 'write to another ref, or have the rule changed by whoever keeps the policy'
    return [
      says(
        `denyRules[${index}]`,
        `rule "${name}" of RefPolicy "${metadata.name}" lets nobody ${operation} ${ref}: ${told}`,
      ),
    ]
  })
}

function forceReasons(
  { metadata, spec }: RefPolicy,
  update: RefUpdate,
  repository: string,
  pullRequest: PullRequest | undefined,
  says: Says,
): readonly Reason[] {
  const { forcePushPolicy } = spec
  if (!rewritesHistory(update) || (forcePushPolicy ?? 'allow') === 'allow') return []
  const what = `RefPolicy "${metadata.name}" ${forcePushPolicy === 'deny' ? 'lets nobody rewrite the history' : 'lets the history be rewritten by approved pull requests alone'} of ${fullRef(update.ref)}`
  const way = 'put your commits on top of what is there and push again without force'
  if (forcePushPolicy === 'deny') return [says('forcePushPolicy', `${what}: ${way}`)]
  const wrong = withoutApproval(update, repository, pullRequest)
  return wrong === undefined
    ? []
    : [says('forcePushPolicy', `${what}, and ${wrong}: ${way}, or open one and have it approved`)]
}

function withoutApproval(
  update: RefUpdate,
  repository: string,
  pullRequest: PullRequest | undefined,
): string | undefined {
  const { pullRequest: name } = update
  if (name === undefined) return 'this is the merge of none'
  const wrong = notItsMerge(pullRequest, repository, update)
  if (wrong === undefined && isApproved(pullRequest!)) return undefined
  return `PullRequest "${name}" ${wrong ?? 'is not approved'}`
}

/** What is not stated is the worst: wrong signatures, and merges. */
function commitReasons(
  { metadata, spec }: RefPolicy,
  { signed = 'wrong', mergeCommits = true, ...update }: RefUpdate,
  says: Says,
): readonly Reason[] {
  const { signingPolicy, linearHistoryPolicy } = spec
  const wanted = `RefPolicy "${metadata.name}" takes`
  const ref = fullRef(update.ref)
  const badlySigned =
    signingPolicy === 'required'
      ? signed !== 'verified'
      : signingPolicy === 'optional' && signed === 'wrong'
  return [
    ...(badlySigned
      ? [
          says(
            'signingPolicy',
            signingPolicy === 'required'
              ? `${wanted} on ${ref} only commits whose signatures are verified: sign them with a key that is known here, such as by git rebase --exec "git commit --amend --no-edit -S"`
              : `${wanted} no wrong signatures on ${ref}: sign the commits with a key that is known here, or not at all`,
          ),
        ]
      : []),
    ...(linearHistoryPolicy === 'required' && mergeCommits
      ? [
          says(
            'linearHistoryPolicy',
            `${wanted} no merge commits on ${ref}: rebase your commits on it instead`,
          ),
        ]
      : []),
  ]
}
