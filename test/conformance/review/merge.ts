import { activity } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const review = (name: string, decision: string, more: object = {}) =>
  activity('Review', name, { pullRequest: 'retry', decision, ...more })

export const merge: Scenario = {
  name: 'review/merge',
  title: 'A pull request is not merged before others approved it and its checks passed',
  rows: [19],
  rules: ['R76', 'R77', 'R78', 'R79'],
  needs: ['activity'],
  steps: [
    step('a member opens one, in his own name', on =>
      on.comes([...create, '-o', 'jsonpath={.spec.author}'], {
        as: on.person('mia'),
        input: activity('PullRequest', 'retry', {
          repository: 'app',
          title: 'Retry a failed upload',
          source: { ref: 'fix/upload-retry' },
          target: { ref: 'main' },
        }),
        says: on.person('mia'),
      }),
    ),
    step('it does not go from a branch to itself', on =>
      on.isRefused(create, {
        input: activity('PullRequest', 'still', {
          repository: 'app',
          title: 'Nothing',
          source: { ref: 'main' },
          target: { ref: 'main' },
        }),
        says: '"main" is where it comes from and where it goes; write another ref in spec.target.ref (R77)',
      }),
    ),
    step('merging it is refused, with everything that is missing', on =>
      on.isSoonRefused(
        ['patch', 'pullrequest', 'retry', '--type=merge', '-p', '{"spec":{"merge":{}}}'],
        {
          says: [
            'spec.merge: 0 of 1 approvals are there, says BranchProtection "main"; wait for reviews of its head [R76',
            'spec.merge: "build" has not passed on its head, says BranchProtection "main"; wait for the check, or mend what it found [R76',
          ],
        },
      ),
    ),
    step('nobody praises his own work', on =>
      on.isSoonRefused(create, {
        as: on.person('mia'),
        input: review('own', 'approval'),
        says: `"approval" of pull request "retry" is its author's own; ask somebody else, or write "comment" [R76 review/reviewer-is-another]`,
      }),
    ),
    step('nor in the name of somebody else', on =>
      on.isRefused(create, {
        as: on.person('mia'),
        input: review('forged', 'comment', { author: on.person('max'), body: 'Fine.' }),
        says: `spec.author: "${on.person('max')}" is not who writes it, "${on.person('mia')}"; leave it out, it is filled in [R78`,
      }),
    ),
    step('somebody else approves, and is named', on =>
      on.does([...create, '-o', 'jsonpath={.spec.author}'], {
        as: on.person('max'),
        input: review('approved', 'approval'),
        says: on.person('max'),
      }),
    ),
    step('a commit that is not known to be the head is not merged', on =>
      on.isRefused(
        [
          'patch',
          'pullrequest',
          'retry',
          '--type=merge',
          '-p',
          JSON.stringify({
            spec: { merge: { commit: '4f5d2c1b8a9e7d6c5b4a39281706f5e4d3c2b1a0' } },
          }),
        ],
        {
          says: 'is not known to be the head yet; look at it as it is now, and write its head or leave the commit out [R79',
        },
      ),
    ),
  ],
}
