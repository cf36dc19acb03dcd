import type { UserInfo } from '#src/api/admission/v1.ts'
import type { AccessReview } from '#webhooks/rule.ts'

/** authorization.k8s.io/v1, as far as we read its answer. */
export interface SubjectAccessReview {
  readonly spec: object
  readonly status?: { readonly allowed?: boolean }
}

/** The question as the API takes it, for exactly the identity that the API server vouched for. */
export function subjectAccessReview(
  { username, uid, groups, extra }: Readonly<UserInfo>,
  review: AccessReview,
): SubjectAccessReview {
  const type = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' }
  return {
    ...type,
    spec: {
      user: username,
      ...(uid && { uid }),
      ...(groups && { groups }),
      ...(extra && { extra }),
      resourceAttributes: review,
    },
  }
}
