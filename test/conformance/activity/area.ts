import { lent, ofKradle } from '../runner/objects.ts'
import type { Area } from '../scenario.ts'
import { filledIn } from './filled-in.ts'
import { forks } from './forks.ts'
import { intents } from './intents.ts'
import { pools } from './pools.ts'
import { quota } from './quota.ts'
import { served } from './served.ts'
import { watch } from './watch.ts'

export const activity: Area = {
  name: 'activity',
  organizations: 2,
  people: { ada: 'admin', bea: 'admin' },
  // The runner controller has to come; the admin acts as it.
  prepare: on =>
    on.does(['create', '-f', '-'], {
      input: lent('stand-ins', [ofKradle('runner-controller')], {
        apiGroups: ['activity.kradle.a5c.ai'],
        resources: ['jobs'],
        verbs: ['create'],
      }),
    }),
  scenarios: [served, watch, quota, filledIn, forks, pools, intents],
}
