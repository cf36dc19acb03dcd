import { step, type Scenario } from '../scenario.ts'
import { binding, bindingFor, team } from './objects.ts'

const create = ['create', '-f', '-']
const result = (name: string, policy: string) =>
  `jsonpath={range .items[?(@.scope.name=="${name}")]}{range .results[?(@.policy=="${policy}")]}{.result}: {.message}{end}{end}`

export const modes: Scenario = {
  name: 'policy/modes',
  title: 'A binding in audit mode reports, and the same write is refused once it enforces',
  rows: [23, 24],
  rules: ['R199', 'R200', 'R204', 'R205'],
  needs: ['kyverno', 'reports'],
  steps: [
    step('a template is bound in audit mode', async on => {
      await on.comes(create, { as: on.person('ada'), input: bindingFor('names', 'audit') })
      await on.does(
        ['wait', '--for=condition=PolicyApplied', 'policybinding/names', '--timeout=60s'],
        { says: 'condition met', seconds: 70 },
      )
    }),
    step('it says which policy it became', async on => {
      const { stdout } = await on.comes(
        ['get', 'policybinding', 'names', '-o', 'jsonpath={.status.generatedPolicy.name}'],
        { says: `kradle-${on.org}-names` },
      )
      on.notes.set('policy', stdout.trim())
    }),
    step('parameters that do not fit are refused', on =>
      on.isRefused(create, {
        input: binding('words', 'team-names', { mode: 'audit', parameters: { minLength: 'x' } }),
        says: 'spec.parameters.minLength: "x" is not an integer; write an integer of at least 1 and at most 200 [R205 policybinding/parameters-fit]',
      }),
    ),
    step('nobody else writes the policy that it became', on =>
      on.isRefused(
        [
          'delete',
          'namespacedvalidatingpolicies.policies.kyverno.io',
          on.notes.get('policy')!,
          '--dry-run=server',
        ],
        { says: `"${on.admin}"` },
      ),
    ),
    step('a write that it is against is accepted', on =>
      on.does(create, { as: on.person('ada'), input: team('names', 'meanwhile') }),
    ),
    step('and reported, with policy, object and message', on =>
      on.comes(
        [
          'get',
          'policyreports',
          '-o',
          result('meanwhile', `${on.namespace}/${on.notes.get('policy')}`),
        ],
        { says: 'fail: ... "Short" is shorter than 12 characters', within: 120 },
      ),
    ),
    step('the binding counts it', on =>
      on.comes(['get', 'policybinding', 'names', '-o', 'jsonpath={.status.results.fail}'], {
        says: /^[1-9]/,
        within: 90,
      }),
    ),
    step('enforced, the same write is refused, by whose template and with what to do', async on => {
      const enforce = JSON.stringify({ spec: { mode: 'enforce' } })
      const args = ['patch', 'policybinding', 'names', '--type=merge', '-p', enforce]
      await on.does(args, { as: on.person('ada') })
      await on.isSoonRefused([...create, '--dry-run=server'], {
        input: team('names', 'refused'),
        says: [
          '"Short" is shorter than 12 characters [names: team-names] Write a name that people understand.',
        ],
        within: 60,
      })
    }),
    step('and one that follows it is accepted', on =>
      on.does([...create, '--dry-run=server'], {
        input: team('names', 'fine', 'Long enough for all'),
      }),
    ),
  ],
}
