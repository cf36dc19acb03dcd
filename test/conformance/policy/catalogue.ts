import { activity, kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'
import { binding } from './objects.ts'

const create = ['create', '-f', '-']
const pull = (title: string) =>
  activity('PullRequest', 'titled', {
    repository: 'app',
    title,
    source: { ref: 'fix/upload-retry' },
    target: { ref: 'main' },
  })

export const catalogue: Scenario = {
  name: 'policy/catalogue',
  title: 'A template of the catalogue is bound and refuses what it is against, pull requests too',
  rows: [26],
  rules: ['R81', 'R200'],
  needs: ['kyverno', 'catalogue', 'activity'],
  steps: [
    step('the catalogue is Ready', on =>
      on.does(
        [
          'wait',
          '--for=condition=Ready',
          'policytemplate',
          '-n',
          'kradle-system',
          '-l',
          'app.kubernetes.io/part-of=kradle',
          '--timeout=30s',
        ],
        { says: 'policytemplate.kradle.a5c.ai/title-convention condition met' },
      ),
    ),
    step('an organisation binds the convention for titles', async on => {
      const repository = kradle('Repository', 'app', { visibility: 'internal' })
      await on.does(['apply', '-f', '-'], { input: repository })
      await on.does(create, {
        as: on.person('ada'),
        input: binding('titles', 'title-convention', { mode: 'enforce' }),
      })
      await on.does(
        ['wait', '--for=condition=PolicyApplied', 'policybinding/titles', '--timeout=60s'],
        { says: 'condition met', seconds: 70 },
      )
    }),
    step('a bad title is refused, with a good one', on =>
      on.isSoonRefused([...create, '--dry-run=server'], {
        input: pull('Retry a failed upload'),
        says: [
          'spec.title: "Retry a failed upload" is not of the form "<type>: <what changes>" [titles: title-convention]',
          'Give the pull request a title such as "fix(upload): retry when the connection drops"',
        ],
        within: 60,
      }),
    ),
    step('a good one is accepted', on =>
      on.does([...create, '--dry-run=server'], {
        input: pull('fix(upload): retry when the connection drops'),
      }),
    ),
  ],
}
