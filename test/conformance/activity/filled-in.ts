import { activity } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

export const filledIn: Scenario = {
  name: 'activity/filled-in',
  title:
    'An Issue without labels is read back with those of its organisation, and belongs nowhere else',
  rows: [3, 9],
  rules: ['R4', 'R5', 'R27', 'R28', 'R29'],
  needs: ['activity'],
  steps: [
    step('an Issue without labels is accepted', on =>
      on.does(['create', '-f', '-'], { input: activity('Issue', 'bare', { title: 'Bare' }) }),
    ),
    step('it has label and organizationRef', on =>
      on.does(
        ['get', 'issue', 'bare', '-o', 'jsonpath={.spec.organizationRef}, {.metadata.labels}'],
        { says: [`${on.org}, {`, `"kradle.a5c.ai/org":"${on.org}"`] },
      ),
    ),
    step('in namespace default it is refused', on =>
      on.isRefused(['create', '--dry-run=server', '-f', '-'], {
        input: activity('Issue', 'bare', { title: 'Bare' }, { namespace: 'default' }),
        says: ['metadata.namespace: "default" is not bound to an organisation', '[R29'],
      }),
    ),
    step('so is one of another organisation', on =>
      on.isRefused(['create', '--dry-run=server', '-f', '-'], {
        input: activity('Issue', 'spy', { title: 'Spy', organizationRef: on.otherOrg }),
        says: `spec.organizationRef: "${on.otherOrg}" is not the organisation of namespace "${on.namespace}", which is "${on.org}"; leave it out or write "${on.org}", or use the namespace of the other organisation [R28`,
      }),
    ),
    step('and a spec is not forgotten', on =>
      on.isRefused(['create', '--dry-run=server', '-f', '-'], {
        input: {
          apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
          kind: 'Issue',
          metadata: { name: 'empty' },
        },
        says: ['"empty" is invalid', 'spec.title: Required value'],
      }),
    ),
  ],
}
