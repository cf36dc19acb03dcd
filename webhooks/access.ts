import type { Access, AccessReview } from './rule.ts'

/** A rule asked for a right that it did not announce; a bug in the rule, never an answer. */
export class UnaskedReview extends Error {
  readonly code = 'UnaskedReview'
  constructor({ verb, resource }: AccessReview) {
    super(`the right to ${verb} ${resource} was not asked for`)
  }
}

/** What a question is known by. No part of it can contain the separator. */
export const keyOfReview = (review: AccessReview): string =>
  [
    review.verb,
    review.group,
    review.resource,
    review.subresource ?? '',
    review.namespace,
    review.name,
  ].join('\n')

/** The answers to the given questions; everything else throws. */
export function accessOf(answers: readonly (readonly [AccessReview, boolean])[]): Access {
  const known = new Map(answers.map(([review, allowed]) => [keyOfReview(review), allowed]))
  return {
    allowed(review) {
      const answer = known.get(keyOfReview(review))
      if (answer === undefined) throw new UnaskedReview(review)
      return answer
    },
    knows: review => known.has(keyOfReview(review)),
  }
}

/** The answers of both; the first counts where both have one. */
export const bothOf = (first: Access, second: Access): Access => ({
  allowed: review => (first.knows(review) ? first : second).allowed(review),
  knows: review => first.knows(review) || second.knows(review),
})

/** Nothing was asked. */
export const noAccess: Access = accessOf([])
