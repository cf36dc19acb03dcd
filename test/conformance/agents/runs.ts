import { ofKradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'
import { dispatchRun } from './objects.ts'

const statusOf = (status: object) => [
  'patch',
  'agentdispatchrun',
  'run-1',
  '--subresource=status',
  '--type=merge',
  '-p',
  JSON.stringify({ status }),
]
/** The dispatch controller, who alone writes what becomes of a run; the admin acts as it. */
const moves = (on: Stage, status: object) =>
  on.comes(statusOf(status), { as: ofKradle('dispatch-controller'), says: 'patched' })
const isStopped = (on: Stage, status: object, says: string) =>
  on.isRefused(statusOf(status), { as: ofKradle('dispatch-controller'), says })

export const runs: Scenario = {
  name: 'agents/runs',
  title: 'A run stays as it was asked for, and goes through its phases in order',
  rows: [33],
  rules: ['R20', 'R23', 'R101', 'R102', 'R103', 'R106'],
  needs: ['activity'],
  steps: [
    step('a run of a stack that is not there is refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: dispatchRun('homeless', 'nobody'),
        says: `spec.agentStack: "nobody" is no AgentStack in namespace "${on.namespace}"; create it first, or name one that is there [R101 org-scoped/references-exist]`,
      }),
    ),
    step('one of a stack that is there is accepted, and says who asked', on =>
      on.comes(['create', '-f', '-', '-o', 'jsonpath={.spec.requestedBy}'], {
        as: on.person('ada'),
        input: dispatchRun('run-1'),
        says: on.person('ada'),
      }),
    ),
    step('it does not become another one', on =>
      on.isRefused(
        ['patch', 'agentdispatchrun', 'run-1', '--type=merge', '-p', '{"spec":{"task":"Push."}}'],
        {
          says: 'a run stays as it was made; create another one, with retryOf where it repeats this one (R23)',
        },
      ),
    ),
    step('an admin of the cluster does not move it', on =>
      on.isRefused(statusOf({ phase: 'Queued' }), { says: [`"${on.admin}"`, '[R20]'] }),
    ),
    step('its controller does, in order', async on => {
      await moves(on, { phase: 'Pending' })
      await moves(on, { phase: 'Queued' })
      await isStopped(
        on,
        { phase: 'Running' },
        'a run that is running has a Job; write k8sJobName (R106)',
      )
      await moves(on, { phase: 'Running', k8sJobName: 'run-1' })
    }),
    step('and not back', on =>
      isStopped(
        on,
        { phase: 'Queued' },
        'status.phase: Forbidden: "Queued" does not follow "Running"; write "Completed" or "Failed" (R102)',
      ),
    ),
    step('its end is the end', async on => {
      await moves(on, { phase: 'Failed' })
      await isStopped(on, { phase: 'Running' }, 'it is the end: create another run (R102)')
      await on.does(
        ['wait', '--for=jsonpath={.status.phase}=Failed', 'agentdispatchrun/run-1', '--timeout=5s'],
        { says: 'condition met' },
      )
    }),
  ],
}
