import { hash } from 'node:crypto'
import type { UserInfo } from '#src/api/admission/v1.ts'
import { limit } from '#src/admission/limit.ts'
import type { SubjectAccessReview } from '#src/admission/subject-access-review.ts'
import { decisionOf, lengthOf, reviewOf, type Attributes, type Decision } from './access-review.ts'
import type { Authorizer } from './auth.ts'
import { forbidden } from './forbidden.ts'
import { KeptAnswers } from './kept-answers.ts'
import { MASTERS } from './user.ts'

/** Says whether somebody may; whoever asks decides what follows from it. */
export interface Authorization extends Authorizer {
  /** Rejects with StatusError 503 where nobody answers. An answer is up to 10 s old. */
  readonly reviewAccess: (user: UserInfo, attributes: Attributes) => Promise<Decision>
}

/** Paths that everybody may see, so that whoever probes needs no rights. */
const ALWAYS_ALLOWED: readonly string[] = ['/healthz', '/livez', '/readyz']

/** As in kube-apiserver: how many answers are kept, and how long a question may be for that. */
const MOST_DECISIONS = 8_192
const MOST_CHARACTERS = 10_000

/** Questions under way: the API server is to serve its users, and not to answer us. */
const AT_ONCE = 32

/** Has questions reviewed; see delegated.ts for who answers them. */
export function authorization(
  ask: (review: SubjectAccessReview) => Promise<SubjectAccessReview>,
  kept = new KeptAnswers<Decision>(MOST_DECISIONS),
): Authorization {
  const inTurn = limit(AT_ONCE)

  async function decide(user: UserInfo, attributes: Attributes): Promise<Decision> {
    if (user.groups?.includes(MASTERS)) return ALLOWED
    if ('path' in attributes && ALWAYS_ALLOWED.includes(attributes.path)) return ALLOWED
    const review = reviewOf(user, attributes)
    const answer = () => inTurn(async () => decisionOf(await ask(review)))
    if (lengthOf(attributes) >= MOST_CHARACTERS) return answer()
    // A question may take as much room as its sender likes; its hash does not.
    return kept.get(hash('sha256', JSON.stringify(review.spec), 'base64'), answer)
  }

  return {
    async authorize(user, attributes) {
      const { allowed, reason } = await decide(user, attributes)
      if (!allowed) throw forbidden(user, attributes, reason)
    },
    reviewAccess: decide,
  }
}

const ALLOWED: Decision = Object.freeze({ allowed: true, reason: '' })
