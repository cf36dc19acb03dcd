import type { RefUpdateReview } from '#src/api/reviews/v1alpha1.ts'

/** What a push would do to one ref, as far as it is stated. */
export type RefUpdate = RefUpdateReview['spec']['updates'][number]

type Result = NonNullable<RefUpdateReview['status']>['results'][number]

/** Why an update is refused. */
export type Reason = NonNullable<Result['reasons']>[number]

/** What git does to a ref: all zeros stand for a ref that is not there. What comes from nothing and goes to nothing is a deletion. */
export function operationOf({ oldCommit, newCommit }: RefUpdate): 'create' | 'update' | 'delete' {
  if (isNothing(newCommit)) return 'delete'
  return isNothing(oldCommit) ? 'create' : 'update'
}

const isNothing = (commit: string): boolean => /^0+$/.test(commit)

/** Whether commits may get lost that the ref had. Deleting it is another matter: git and both policies tell the two apart. */
export const rewritesHistory = (update: RefUpdate): boolean =>
  operationOf(update) === 'update' && update.fastForward !== true

/** A name without refs/ is a branch. */
export const fullRef = (ref: string): string =>
  ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
