import type { IncomingMessage } from 'node:http'
import type { UserInfo } from '#src/api/admission/v1.ts'

/** Says who asks. Throws StatusError 401 where nobody can tell; 503 where those who know do not answer. */
export interface Authenticator {
  authenticate(request: IncomingMessage): Promise<UserInfo>
}

/** What is asked for, in the words of a SubjectAccessReview. */
export interface Access {
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** As they were sent, for authorisers that look at them; '' where none. */
  readonly labelSelector: string
  readonly fieldSelector: string
}

/** Says whether he may. Throws StatusError 403 in the words of kube-apiserver, 503 where nobody answers. */
export interface Authorizer {
  authorize(
    user: UserInfo,
    access: Access | { readonly path: string; readonly verb: string },
  ): Promise<void>
}
