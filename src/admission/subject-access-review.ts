import type { UserInfo } from '#src/api/admission/v1.ts'

/** authorization.k8s.io/v1. */
export interface SubjectAccessReview {
  readonly apiVersion: 'authorization.k8s.io/v1'
  readonly kind: 'SubjectAccessReview'
  readonly spec: object
  readonly status?: {
    readonly allowed?: boolean
    readonly denied?: boolean
    readonly reason?: string
  }
}

/** The question as the API takes it, for exactly the identity that the API server vouched for. */
export const subjectAccessReview = (
  { username, uid, groups, extra }: Readonly<UserInfo>,
  attributes: { readonly resourceAttributes: object } | { readonly nonResourceAttributes: object },
): SubjectAccessReview => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  spec: {
    ...(username && { user: username }),
    ...(uid && { uid }),
    ...(groups && { groups }),
    ...(extra && { extra }),
    ...attributes,
  },
})
