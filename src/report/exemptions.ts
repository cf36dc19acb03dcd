import type { PolicyBinding, PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import { isOver } from '#src/policy/exception.ts'
import type { Exempt, Line } from './line.ts'

/** The approved requests that exempt an object from the policy of a binding, now or at some time. */
export const exemptionsOf = (
  requests: readonly PolicyExceptionRequest[],
  binding: PolicyBinding,
  object: Line['object'],
): readonly PolicyExceptionRequest[] =>
  requests.filter(
    ({ metadata, spec }) =>
      spec.decision === 'Approved' &&
      metadata.namespace === binding.metadata.namespace &&
      spec.policyRef === binding.metadata.name &&
      spec.resources?.some(({ kind, name }) => kind === object.kind && name === object.name),
  )

/** Whether one of them began or ended since then, so that what was found then may be true no more. */
export function changedSince(
  requests: readonly PolicyExceptionRequest[],
  since: Date,
  now: Date,
): boolean {
  // A result has no more than the second it was found in.
  const from = Math.floor(since.getTime() / 1000) * 1000
  return requests.some(request => {
    const began = Date.parse(request.status?.decidedAt ?? '')
    const ends = Date.parse(request.spec.expiresAt)
    // One that nobody has looked at since it was decided may have begun at any time.
    return Number.isNaN(began) || began >= from || (isOver(request, now) && ends >= from)
  })
}

/** The one to name: of those that hold the one that does longest, otherwise the one that ended last. */
export function exemptBy(
  requests: readonly PolicyExceptionRequest[],
  now: Date,
): Exempt | undefined {
  const [last] = requests.toSorted(
    (a, b) => Date.parse(b.spec.expiresAt) - Date.parse(a.spec.expiresAt),
  )
  if (!last) return undefined
  return {
    name: last.metadata.name,
    until: last.spec.expiresAt,
    approvedBy: last.spec.decidedBy ?? '',
    holds: !isOver(last, now),
  }
}
