import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { isMap, listOf, mapOf, textOf, type Untyped } from '../untyped.ts'
import { fullRef, type RefUpdate } from './update.ts'

/** How a check ends that holds nothing up. */
const passing: readonly unknown[] = ['success', 'neutral', 'skipped']

/** Something that a pull request lacks. */
export interface Lack {
  /** What is there of it, or the name of what is not. */
  readonly value: unknown
  /** Reads on from the value. */
  readonly problem: string
  readonly fix: string
}

/**
 * What the status of a pull request lacks before a protection lets it be merged: approvals of its head, nobody
 * who wants changes, and the checks on that head (R76, R79).
 */
export function lacksOf({ spec }: BranchProtection, status: Untyped): readonly Lack[] {
  const approvals = Number(status['approvals'] ?? 0)
  const changeRequests = Number(status['changeRequests'] ?? 0)
  return [
    ...(approvals < spec.requiredReviews
      ? [
          {
            value: approvals,
            problem: `of ${spec.requiredReviews} approvals are there`,
            fix: 'wait for reviews of its head',
          },
        ]
      : []),
    ...(spec.requiredReviews > 0 && changeRequests > 0
      ? [
          {
            value: changeRequests,
            problem: 'people want changes',
            fix: 'make them, or have the reviews dismissed',
          },
        ]
      : []),
    ...(spec.statusChecks ?? [])
      .filter(name => !hasPassed(name, status))
      .map(name => ({
        value: name,
        problem: 'has not passed on its head',
        fix: 'wait for the check, or mend what it found',
      })),
  ]
}

const hasPassed = (name: string, status: Untyped): boolean =>
  listOf(status['checks'])
    .filter(isMap)
    .some(
      check =>
        check['name'] === name &&
        check['state'] === 'completed' &&
        passing.includes(check['conclusion']) &&
        check['commit'] === headOf(status),
    )

const headOf = (status: Untyped): unknown => mapOf(status['head'])['commit']

/** Whether somebody approves of the head of a pull request, and nobody wants changes. */
export const isApproved = ({ status }: PullRequest): boolean =>
  (status?.approvals ?? 0) > 0 && (status?.changeRequests ?? 0) === 0

/** Why an update cannot be the merge of a pull request, as a sentence that reads on from its name; undefined where it can. */
export function notItsMerge(
  pullRequest: PullRequest | undefined,
  repository: string,
  { ref }: RefUpdate,
): string | undefined {
  if (!pullRequest) return 'does not exist'
  const { spec, status } = pullRequest
  if (spec.repository !== repository) return `is of repository "${spec.repository}"`
  if (fullRef(spec.target.ref) !== fullRef(ref)) return `goes into ${fullRef(spec.target.ref)}`
  if (spec.state === 'closed' || status?.phase === 'Closed') return 'is closed'
  if (status?.phase === 'Merged') return 'is merged already'
  if (!spec.merge) return 'is not to be merged yet; set spec.merge'
  const { commit } = spec.merge
  const head = textOf(headOf(mapOf(status)))
  return commit === undefined || commit === head
    ? undefined
    : `is to be merged as ${commit}, which is not its head`
}
