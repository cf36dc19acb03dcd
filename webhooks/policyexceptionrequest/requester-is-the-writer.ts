import { ORG_NAMESPACE_PREFIX } from '#src/api/names.ts'
import { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Nobody asks for an exception in somebody else's name, by a program of his, or with the answer.
 *
 * Whoever could would approve himself what he asked for himself. An account of an organisation is whoever may run
 * something under it or have a token of it: behind which of its people it is cannot be told.
 */
export default rule({
  kinds: [PolicyExceptionRequest],
  operations: ['CREATE'],
  enforces: ['R86', 'R202'],
  decide({ object, user: { username } }) {
    const { requestedBy, decision } = object.spec
    return [
      ...(requestedBy === username
        ? allow
        : deny({
            rule: 'R202',
            field: 'spec.requestedBy',
            value: requestedBy,
            problem: `is not who writes it, "${username}"`,
            fix: 'leave it out, it is filled in',
          })),
      ...(isOfAnOrganisation(username)
        ? deny({
            rule: 'R202',
            field: 'spec.requestedBy',
            value: username,
            problem: 'is a program, and whose it is cannot be told from who decides',
            fix: 'have a person ask',
          })
        : allow),
      ...(decision === undefined
        ? allow
        : deny({
            rule: 'R86',
            field: 'spec.decision',
            value: decision,
            problem: 'comes with the question, and is for somebody else to write',
            fix: 'leave it out; whoever may approve patches it',
          })),
    ]
  },
})

const isOfAnOrganisation = (username = ''): boolean =>
  username.startsWith(`system:serviceaccount:${ORG_NAMESPACE_PREFIX}`)
