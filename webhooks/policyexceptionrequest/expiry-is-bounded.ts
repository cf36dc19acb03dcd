import { PolicyBinding, PolicyExceptionRequest, PolicyProfile } from '#src/api/policy/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { askedOf, bindingReads, isAskingOrApproving } from '#webhooks/exception-request.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * An exception ends in time to come, and no later than its PolicyProfile allows.
 *
 * Asked again when it is approved, since the profile may have changed. That it is decided on before it ends is
 * for decider-is-another.
 */
export default rule({
  kinds: [PolicyExceptionRequest],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R201'],
  watches: [PolicyBinding, PolicyProfile],
  live: [PolicyBinding],
  lookups: request => (isAskingOrApproving(request) ? bindingReads(request) : []),
  decide(request, cluster) {
    if (!isAskingOrApproving(request)) return allow
    const expiresAt = textOf(request.object.spec['expiresAt'])
    const expires = new Date(expiresAt).getTime()
    const refused = (problem: string, fix: string) =>
      deny({ rule: 'R201', field: 'spec.expiresAt', value: expiresAt, problem, fix })
    if (request.operation === 'CREATE' && !(expires > cluster.now.getTime()))
      return refused('is not a time to come', 'write until when the exception is to hold')
    const { rules, says } = askedOf(request, cluster)
    if (expires <= cluster.now.getTime() + rules.maxDurationDays * DAY_MS) return allow
    return refused(
      `is more than ${rules.maxDurationDays} days away, which is the longest that ${says} allows`,
      request.operation === 'CREATE'
        ? 'write an earlier time'
        : 'deny it, and have it asked again until an earlier time',
    )
  },
})
