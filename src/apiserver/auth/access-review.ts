import type { UserInfo } from '#src/api/admission/v1.ts'
import {
  subjectAccessReview,
  type SubjectAccessReview,
} from '#src/admission/subject-access-review.ts'
import type { Access } from './auth.ts'

/** What is asked for: of a resource, or of a path that is none. Whatever is left out is '': all of it, or none. */
export type Attributes =
  | (Partial<Access> & Pick<Access, 'verb' | 'resource'>)
  | { readonly path: string; readonly verb: string }

/** What was answered; `reason` may be ''. */
export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/** The question as the API takes it. */
export const reviewOf = (user: UserInfo, attributes: Attributes): SubjectAccessReview =>
  subjectAccessReview(
    user,
    'path' in attributes
      ? { nonResourceAttributes: { path: attributes.path, verb: attributes.verb } }
      : { resourceAttributes: resourceAttributes(attributes) },
  )

function resourceAttributes({ labelSelector, fieldSelector, ...rest }: Partial<Access>): object {
  const { namespace, verb, group, version, resource, subresource, name } = rest
  return {
    ...given({ namespace, verb, group, version, resource, subresource, name }),
    // The API server reads them itself, and hands the requirements on to whoever decides.
    ...(fieldSelector && { fieldSelector: { rawSelector: fieldSelector } }),
    ...(labelSelector && { labelSelector: { rawSelector: labelSelector } }),
  }
}

/** Without what is left out, and '' is left out too. */
const given = (fields: Readonly<Record<string, string | undefined>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value))

/** An answer that is no clear yes is a no. */
export const decisionOf = ({ status }: SubjectAccessReview): Decision => ({
  allowed: status?.allowed === true && status.denied !== true,
  reason: status?.reason ?? '',
})

/**
 * As much of a question as its sender chooses freely, in characters. Answers to longer ones are
 * not kept, or he could fill the memory with them.
 */
export function lengthOf(attributes: Attributes): number {
  return Object.values(attributes).reduce((sum, value) => sum + value.length, 0)
}
