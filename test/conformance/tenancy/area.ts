import type { Area } from '../scenario.ts'
import { agents } from './agents.ts'
import { bootstrap } from './bootstrap.ts'
import { people } from './people.ts'
import { references } from './references.ts'
import { review } from './review.ts'
import { scope } from './scope.ts'

export const tenancy: Area = {
  name: 'tenancy',
  organizations: 2,
  people: { ada: 'admin', max: 'maintainer', mia: 'member' },
  scenarios: [bootstrap, scope, references, people, agents, review],
}
