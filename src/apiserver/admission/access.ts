import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Question, Verdict } from '#src/lib/schema/dynamic/authorizer.ts'
import type { Attributes, Decision } from '../auth/access-review.ts'

/** Says whether somebody may do something. Rejects where nobody answers. */
export type ReviewAccess = (user: UserInfo, attributes: Attributes) => Promise<Decision>

/** The question as authorization takes it. */
export function attributesOf(question: Question): Attributes {
  const { path, serviceAccount: _, ...attributes } = question
  return path === undefined ? { ...attributes, version: '*' } : { path, verb: question.verb }
}

/** Who is meant: the requester, or the account that the expression named. */
export function subjectOf(user: UserInfo, { serviceAccount }: Question): UserInfo {
  if (!serviceAccount) return user
  const { namespace, name } = serviceAccount
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  }
}

/** The answer as expressions see it: that nobody answered is for them to judge, as in kube-apiserver. */
export async function verdictOf(
  reviewAccess: ReviewAccess,
  user: UserInfo,
  question: Question,
  signal: AbortSignal,
): Promise<Verdict> {
  const verdict = await reviewAccess(subjectOf(user, question), attributesOf(question)).then(
    decision => ({ ...decision, error: '' }),
    (error: Error) => ({ allowed: false, reason: '', error: error.message || 'no answer' }),
  )
  // The question is not called off with the request: others may wait for the same answer.
  signal.throwIfAborted()
  return verdict
}
