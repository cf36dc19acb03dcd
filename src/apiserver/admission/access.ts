import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Client } from '#src/lib/client.ts'
import type { Question, Verdict } from '#src/lib/schema/dynamic/authorizer.ts'

/** Asks whether somebody may do something. Rejects where nobody answers. */
export type ReviewAccess = (
  user: UserInfo,
  question: Question,
  signal: AbortSignal,
) => Promise<boolean | Pick<Verdict, 'allowed' | 'reason'>>

interface SubjectAccessReview {
  readonly status?: {
    readonly allowed?: boolean
    readonly reason?: string
    readonly evaluationError?: string
  }
}

/** Asks the API server, by a SubjectAccessReview. */
export const reviewAccessBy =
  (client: Pick<Client, 'raw'>): ReviewAccess =>
  async (user, question, signal) => {
    const { username, uid, groups, extra } = user
    const { status } = await client.raw<SubjectAccessReview>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: username,
          ...(uid && { uid }),
          ...(groups && { groups }),
          ...(extra && { extra }),
          ...attributesOf(question),
        },
      },
      signal,
    })
    return { allowed: status?.allowed === true, reason: status?.reason ?? '' }
  }

/** The question as a SubjectAccessReview puts it. */
function attributesOf(question: Question): object {
  const { path, verb, group, resource, subresource, namespace, name } = question
  if (path !== undefined) return { nonResourceAttributes: { path, verb } }
  const { fieldSelector, labelSelector } = question
  return {
    resourceAttributes: {
      verb,
      group,
      version: '*',
      resource,
      ...(subresource && { subresource }),
      ...(namespace && { namespace }),
      ...(name && { name }),
      ...(fieldSelector && { fieldSelector: { rawSelector: fieldSelector } }),
      ...(labelSelector && { labelSelector: { rawSelector: labelSelector } }),
    },
  }
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
  try {
    const answer = await reviewAccess(subjectOf(user, question), question, signal)
    if (typeof answer === 'boolean') return { allowed: answer, reason: '', error: '' }
    return { ...answer, error: '' }
  } catch (error) {
    signal.throwIfAborted()
    return { allowed: false, reason: '', error: (error as Error).message || 'no answer' }
  }
}
