import type { Area } from '../scenario.ts'
import { merge } from './merge.ts'
import { policies, refs } from './refs.ts'

export const review: Area = {
  name: 'review',
  organizations: 1,
  people: { max: 'maintainer', mia: 'member' },
  prepare: on => on.comes(['apply', '-f', '-'], { input: policies(on) }),
  scenarios: [refs, merge],
}
