import { activity } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const COUNTED = 'count/issues.activity.kradle.a5c.ai'
const issue = (name: string) => activity('Issue', name, { title: name })

export const quota: Scenario = {
  name: 'activity/quota',
  title: 'A ResourceQuota holds for what is kept in PostgreSQL, at once',
  rows: [2],
  rules: [],
  needs: ['activity'],
  steps: [
    step('as many as it says are accepted', async on => {
      await on.does(['create', 'quota', 'few', `--hard=${COUNTED}=1`])
      await on.comes(['create', '-f', '-'], { input: issue('one') })
    }),
    step('and no more', on =>
      on.isSoonRefused(['create', '--dry-run=server', '-f', '-'], {
        input: issue('two'),
        says: `is forbidden: exceeded quota: few, requested: ${COUNTED}=1, used: ${COUNTED}=1, limited: ${COUNTED}=1`,
      }),
    ),
    step('without it there is room again', async on => {
      await on.does(['delete', 'quota', 'few'])
      await on.does(['delete', 'issue', 'one'])
      await on.comes(['create', '--dry-run=server', '-f', '-'], { input: issue('two') })
    }),
  ],
}
