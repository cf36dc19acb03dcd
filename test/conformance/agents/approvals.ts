import { activity } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'
import { dispatchRun } from './objects.ts'

const question = (name: string) =>
  activity('AgentApproval', name, {
    dispatchRun: 'run-2',
    action: 'write-back',
    summary: 'Open a pull request.',
  })

const create = ['create', '-f', '-']
const decide = (decision: string) => [
  'patch',
  'agentapproval',
  'run-2',
  '--type=merge',
  '-p',
  JSON.stringify({ spec: { decision, reason: 'It is only a patch.' } }),
]
const asker = (on: Stage) => on.person('asker')

export const approvals: Scenario = {
  name: 'agents/approvals',
  title: 'Somebody else decides on what an agent asks, once, and the answer says who',
  rows: [34],
  rules: ['R84', 'R85', 'R86', 'R87', 'R88'],
  needs: ['activity'],
  steps: [
    step('a question is asked in one’s own name', async on => {
      await on.does(create, {
        input: dispatchRun('run-2'),
      })
      await on.comes([...create, '-o', 'jsonpath={.spec.requestedBy} {.status.phase}'], {
        as: asker(on),
        input: question('run-2'),
        says: `${asker(on)} Pending`,
      })
    }),
    step('a second one of the same action is refused while it is open', on =>
      on.isRefused(create, {
        as: asker(on),
        input: question('run-2-again'),
        says: '(AlreadyExists) ... "run-2-again" already exists under the name "run-2"',
      }),
    ),
    step('an answer that comes with the question is refused', on =>
      on.isRefused(create, {
        as: asker(on),
        input: activity('AgentApproval', 'quick', {
          dispatchRun: 'run-2',
          action: 'release',
          decision: 'Approved',
          reason: 'It is what we said.',
        }),
        says: 'spec.decision: "Approved" comes with the question, and is for somebody else to write; leave it out',
      }),
    ),
    step('who asked does not answer', on =>
      on.isRefused(decide('Approved'), {
        as: asker(on),
        says: `spec.decision: "Approved" is written by "${asker(on)}", who asks for it; ask somebody else who may approve [R88 agentapproval/decider-is-another]`,
      }),
    ),
    step('nor does who may not approve', on =>
      on.isRefused(decide('Approved'), { as: on.person('mia'), says: '(Forbidden)' }),
    ),
    step('an admin of the organisation does, and it is written down', async on => {
      await on.comes(decide('Approved'), { as: on.person('ada'), says: 'patched' })
      await on.does(['get', 'agentapproval', 'run-2', '-o', 'jsonpath={.status.decidedBy}'], {
        says: on.person('ada'),
      })
      await on.does(
        ['wait', '--for=jsonpath={.status.phase}=Approved', 'agentapproval/run-2', '--timeout=10s'],
        { says: 'condition met' },
      )
    }),
    step('nobody takes it back', on =>
      on.isRefused(decide('Denied'), { as: on.person('ada'), says: /R86|R88/ }),
    ),
    step('then the same can be asked again', on =>
      on.does([...create, '--dry-run=server'], { as: asker(on), input: question('run-2-again') }),
    ),
  ],
}
