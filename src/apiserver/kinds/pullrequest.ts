import { Review } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** Reviews are of one pull request, not of the next of its name, which may go elsewhere (R79). */
export const pullRequest: Hooks = { namedBy: { kind: Review, field: 'spec.pullRequest' } }
