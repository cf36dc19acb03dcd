import { createHmac, randomBytes } from 'node:crypto'
import type { UserInfo } from '#src/api/admission/v1.ts'
import { KeptAnswers } from './kept-answers.ts'

/** authentication.k8s.io/v1, as far as we read its answer. */
export interface TokenReview {
  readonly status?: { readonly authenticated?: boolean; readonly user?: UserInfo }
}

/** Whose token it is; undefined where it is nobody's. Rejects with StatusError 503 where nobody can tell. */
export type Tokens = (token: string) => Promise<UserInfo | undefined>

const MOST_TOKENS = 4_096

/** Has tokens reviewed, and believes each answer for 10 s. */
export function keptTokens(
  review: (token: string) => Promise<TokenReview>,
  answers = new KeptAnswers<UserInfo | undefined>(MOST_TOKENS),
): Tokens {
  // No token stays in memory for being known, and nobody can guess where it would be.
  const secret = randomBytes(32)
  return token =>
    answers.get(createHmac('sha256', secret).update(token).digest('base64'), async () =>
      userOf(await review(token)),
    )
}

function userOf({ status }: TokenReview): UserInfo | undefined {
  return status?.authenticated === true && status.user?.username ? status.user : undefined
}

/** The token of an Authorization header, or undefined where there is none of type Bearer. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const [type, token] = (authorization ?? '').trim().split(' ', 2)
  return type?.toLowerCase() === 'bearer' && token ? token : undefined
}
