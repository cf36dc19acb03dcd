import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']

export const scope: Scenario = {
  name: 'tenancy/scope',
  title: 'What belongs to an organisation is in its namespace, says so, and stays',
  rows: [9],
  rules: ['R26', 'R28', 'R29', 'R39'],
  steps: [
    step('a Team in a namespace of no organisation is refused', on =>
      on.isRefused([...create, '--dry-run=server'], {
        input: kradle('Team', 'homeless', { displayName: 'H' }, { namespace: 'default' }),
        says: 'metadata.namespace: "default" is not bound to an organisation; use the namespace of your organisation, kradle-org-<slug> [R29',
      }),
    ),
    step('a Team of another organisation is refused', on =>
      on.isRefused(create, {
        input: kradle('Team', 'spies', { displayName: 'S', organizationRef: on.otherOrg }),
        says: `spec.organizationRef: "${on.otherOrg}" is not the organisation of namespace "${on.namespace}", which is "${on.org}"; leave it out or write "${on.org}" [R28]`,
      }),
    ),
    step('so is one whose label says another', on =>
      on.isRefused(create, {
        input: kradle(
          'Team',
          'spies',
          { displayName: 'S' },
          { labels: { 'kradle.a5c.ai/org': on.otherOrg } },
        ),
        says: [`"${on.otherOrg}" is not the organisation of namespace "${on.namespace}"`, '[R28]'],
      }),
    ),
    step('an object does not move', async on => {
      await on.does(create, { input: kradle('Team', 'settled', { displayName: 'Settled' }) })
      const moved = JSON.stringify({ spec: { organizationRef: on.otherOrg } })
      await on.isRefused(['patch', 'team', 'settled', '--type=merge', '-p', moved], {
        says: [
          `an object cannot move from organisation "${on.org}" to "${on.otherOrg}" (R39)`,
          `create it anew in namespace "${on.otherNamespace}"`,
        ],
      })
    }),
    step('nobody says that a namespace is of another organisation', on =>
      on.isRefused(
        ['label', 'namespace', on.namespace, '--overwrite', `kradle.a5c.ai/org=${on.otherOrg}`],
        {
          says: `"${on.otherOrg}" is not for "${on.admin}" to write on namespace "${on.namespace}": the identity controller alone writes kradle.a5c.ai/ there; keep "${on.org}" [R29]`,
        },
      ),
    ),
    step('nobody makes the namespace of an organisation by hand', on =>
      on.isRefused(['create', 'namespace', `kradle-org-${on.org}-by-hand`], {
        says: `is the name of the namespace of an organisation, which the identity controller makes; create Organization "${on.org}-by-hand" in "kradle-system", or use another name [R29]`,
      }),
    ),
  ],
}
