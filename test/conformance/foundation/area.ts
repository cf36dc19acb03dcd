import type { Area } from '../scenario.ts'
import { definitions } from './definitions.ts'
import { deployments } from './deployments.ts'
import { filledIn } from './filled-in.ts'
import { hygiene } from './hygiene.ts'
import { names } from './names.ts'
import { status } from './status.ts'
import { webhooks } from './webhooks.ts'

export const foundation: Area = {
  name: 'foundation',
  organizations: 1,
  people: {},
  scenarios: [definitions, filledIn, names, status, hygiene, webhooks, deployments],
}
