import { AgentServiceAccount, IdentityMapping, Team } from '#src/api/identity/v1alpha1.ts'
import { PolicyBinding, PolicyExceptionRequest, PolicyProfile } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { ExceptionRules } from '#src/policy/profile.ts'
import { askedOf, bindingReads, isDeciding } from '#webhooks/exception-request.ts'
import { isServiceAccount, userOf } from '#webhooks/person.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

type Approver = NonNullable<ExceptionRules['approvers']>[number]

/**
 * Who decides on an exception is one of the approvers of the PolicyProfile, where it lists any; a program is one only
 * where it is listed.
 *
 * Whoever can run a Pod under an account could otherwise approve what he asked for as himself. Rules that are not to be
 * found are not met.
 */
export default rule({
  kinds: [PolicyExceptionRequest],
  operations: ['UPDATE'],
  enforces: ['R202'],
  watches: [AgentServiceAccount, IdentityMapping, PolicyBinding, PolicyProfile, Team],
  live: [PolicyBinding],
  lookups: request => (isDeciding(request) ? bindingReads(request) : []),
  decide(request, cluster) {
    if (!isDeciding(request)) return allow
    const { missing, rules, says } = askedOf(request, cluster)
    const { username = '' } = request.user
    const refused = (problem: string, fix: string) =>
      deny({
        rule: 'R202',
        field: 'spec.decision',
        value: request.object.spec['decision'],
        problem,
        fix,
      })
    if (missing !== undefined)
      return refused(
        `is for the approvers of PolicyProfile "${missing}", which is not there`,
        'create it, or have the PolicyBinding name another',
      )
    const listed = rules.approvers?.some(approver => isOne(approver, request, cluster))
    if (listed ?? !isServiceAccount(username)) return allow
    return rules.approvers
      ? refused(
          `is written by "${username}", who is none of the approvers that ${says} lists`,
          'have one of them decide',
        )
      : refused(
          `is written by "${username}", a program, which no PolicyProfile lists as approver`,
          'have a person decide',
        )
  },
})

function isOne(
  { kind, name }: Approver,
  { user: { username = '' }, namespace }: Request,
  cluster: Cluster,
): boolean {
  if (kind === 'service-account') {
    const account = cluster.get(AgentServiceAccount, name, namespace)?.spec.serviceAccountName
    return account !== undefined && username === `system:serviceaccount:${namespace}:${account}`
  }
  const user = isServiceAccount(username) ? undefined : userOf(username, namespace, cluster)
  if (user === undefined || kind === 'user') return user === name
  const team = cluster.get(Team, name, namespace)?.spec
  return [...(team?.members ?? []), ...(team?.maintainers ?? [])].includes(user)
}
