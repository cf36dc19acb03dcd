import { limit } from '#src/admission/limit.ts'
import type { SubjectAccessReview } from '#src/admission/subject-access-review.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import { ASK_TIMEOUT_MS, asked } from './asked.ts'
import { authorization, type Authorization } from './authorizer.ts'
import { keptTokens, type TokenReview, type Tokens } from './token.ts'

/** Questions about tokens under way. Whoever makes up tokens is nobody yet, and shall not keep the API server busy through us. */
const TOKENS_AT_ONCE = 8

/** Asks the API server whose a token is. Needs create on tokenreviews. */
export function delegatedTokens(client: Client, log: Logger): Tokens {
  const inTurn = limit(TOKENS_AT_ONCE)
  return keptTokens(token =>
    inTurn(() =>
      asked(log, 'TokenReview', () =>
        client.raw<TokenReview>({
          method: 'POST',
          path: '/apis/authentication.k8s.io/v1/tokenreviews',
          // No audiences: those of the API server itself are ours as well.
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
          timeoutMs: ASK_TIMEOUT_MS,
        }),
      ),
    ),
  )
}

/** Asks the API server who may do what. Needs create on subjectaccessreviews. */
export function delegatedAuthorization(client: Client, log: Logger): Authorization {
  return authorization(review =>
    asked(log, 'SubjectAccessReview', () =>
      client.raw<SubjectAccessReview>({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        body: review,
        timeoutMs: ASK_TIMEOUT_MS,
      }),
    ),
  )
}
