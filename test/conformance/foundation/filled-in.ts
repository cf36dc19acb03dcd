import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

export const filledIn: Scenario = {
  name: 'foundation/filled-in',
  title: 'What is created without organisation and labels has those of its namespace',
  rows: [3],
  rules: ['R5', 'R27'],
  steps: [
    step('a Team without organisation is accepted', on =>
      on.does(['create', '-f', '-'], { input: kradle('Team', 'plain', { displayName: 'Plain' }) }),
    ),
    step('it is read back with both', on =>
      on.does(
        ['get', 'team', 'plain', '-o', 'jsonpath={.spec.organizationRef}, {.metadata.labels}'],
        { says: [`${on.org}, {`, `"kradle.a5c.ai/org":"${on.org}"`] },
      ),
    ),
    step('so is one that is applied from the server side', on =>
      on.does(['apply', '--server-side', '-f', '-', '-o', 'jsonpath={.spec.organizationRef}'], {
        input: kradle('Team', 'applied', { displayName: 'Applied' }),
        says: on.org,
      }),
    ),
    step('and applying the same again changes nothing', on =>
      on.does(['diff', '-f', '-'], { input: kradle('Team', 'plain', { displayName: 'Plain' }) }),
    ),
  ],
}
