import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Client } from '#src/lib/client.ts'
import { accessOf } from '#webhooks/access.ts'
import type { Access, AccessReview } from '#webhooks/rule.ts'
import { limit } from './limit.ts'
import { subjectAccessReview, type SubjectAccessReview } from './subject-access-review.ts'

/** For the whole process: the API server is to decide on writes, and not to answer us. */
const inTurn = limit(16)

/**
 * Asks the API server what the requester may do (SubjectAccessReview), at most 16 questions
 * at a time. Rejects where one of them gets no answer: a right that nobody confirmed is none.
 */
export async function askAccess(
  client: Client,
  user: Readonly<UserInfo>,
  reviews: readonly AccessReview[],
  signal: AbortSignal,
): Promise<Access> {
  const answers = await Promise.all(
    reviews.map(review =>
      inTurn(async () => {
        const { status } = await client.raw<SubjectAccessReview>({
          method: 'POST',
          path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
          body: subjectAccessReview(user, { resourceAttributes: review }),
          signal,
        })
        return [review, status?.allowed === true] as const
      }),
    ),
  )
  return accessOf(answers)
}
