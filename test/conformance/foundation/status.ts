import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const teams = 'teams.kradle.a5c.ai/steady'
const path = 'jsonpath={.metadata.generation} {.status.observedGeneration} {.status.storage}'

export const status: Scenario = {
  name: 'foundation/status',
  title: 'Controllers say how an object is, of which version of it, and nobody else does',
  rows: [6],
  rules: ['R13', 'R17', 'R18', 'R19', 'R20'],
  steps: [
    step('objects become Ready', async on => {
      await on.does(['create', '-f', '-'], {
        input: [
          kradle('Team', 'steady', { displayName: 'Steady' }),
          kradle('RunnerPool', 'steady', { warmReplicas: 1, maxReplicas: 2 }),
          kradle('Repository', 'steady', { visibility: 'internal' }),
        ],
      })
      for (const kind of ['team', 'runnerpool', 'repository'])
        await on.does(
          ['wait', '--for=condition=Ready', `${kind}.kradle.a5c.ai/steady`, '--timeout=30s'],
          { says: 'condition met' },
        )
    }),
    step('they say where they are stored and which generation they are about', on =>
      on.comes(['get', teams, '-o', path], { says: '1 1 etcd' }),
    ),
    step('and follow a change', async on => {
      const change = JSON.stringify({ spec: { displayName: 'Steadier' } })
      await on.does(['patch', teams, '--type=merge', '-p', change])
      await on.comes(['get', teams, '-o', path], { says: '2 2 etcd' })
    }),
    step('every condition has a reason and a message', async on => {
      const each = '{range .status.conditions[*]}{.type}={.status} {.reason}: {.message};{end}'
      const { stdout } = await on.does(['get', teams, '-o', `jsonpath=${each}`])
      for (const condition of stdout.split(';').filter(Boolean))
        if (!/^[A-Z]\w+=(True|False) [A-Z]\w+: \S/.test(condition)) throw new Error(condition)
    }),
    step('kubectl describe shows them', on =>
      on.does(['describe', teams], {
        says: ['Kind: Team', 'Conditions:', 'Type: Ready', 'Observed Generation: 2'],
      }),
    ),
    step('an admin of the cluster does not write a status', on => {
      const forged = JSON.stringify({ status: { phase: 'Failed' } })
      const args = ['patch', teams, '--subresource=status', '--type=merge', '-p', forged]
      return on.isRefused(args, {
        says: `status: "${on.admin}" does not write the status of Team "steady", only "system:serviceaccount:kradle-system:identity-controller" does; change spec and let the controller follow [R20]`,
      })
    }),
  ],
}
