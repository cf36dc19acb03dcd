import { activity } from './activity/area.ts'
import { agents } from './agents/area.ts'
import { foundation } from './foundation/area.ts'
import { grants } from './grants/area.ts'
import { policy } from './policy/area.ts'
import { refused } from './refused/area.ts'
import { review } from './review/area.ts'
import type { Area } from './scenario.ts'
import { tenancy } from './tenancy/area.ts'

/** Everything, the longest first. */
export const allAreas: readonly Area[] = [
  policy,
  refused,
  tenancy,
  grants,
  activity,
  agents,
  review,
  foundation,
]
