import { kradle } from '../runner/objects.ts'
import { PLATFORM } from '../runner/organisation.ts'
import { step, type Scenario } from '../scenario.ts'

const tooLong = 'k'.repeat(53)

export const names: Scenario = {
  name: 'foundation/names',
  title: 'Names are normalised, and who writes another is told which',
  rows: [5],
  rules: ['R8', 'R10', 'R11'],
  steps: [
    step('capitals and underscores are refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('Team', 'Foo_Bar', { displayName: 'Foo' }),
        says: ['metadata.name: Invalid value: "Foo_Bar"', 'RFC 1123'],
      }),
    ),
    step('dots are refused, with the name to use', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('Team', 'core.backend', { displayName: 'Backend' }),
        says: 'metadata.name: "core.backend" is not a normalised name: at most 63 of a-z, 0-9 and hyphen; write "core-backend" [R10]',
      }),
    ),
    step('a name that the API server makes is fine', on =>
      on.does(['create', '--dry-run=server', '-f', '-'], {
        input: {
          apiVersion: 'kradle.a5c.ai/v1alpha1',
          kind: 'Team',
          metadata: { generateName: 'team-' },
          spec: { displayName: 'Generated' },
        },
        says: 'created (server dry run)',
      }),
    ),
    step('a slug of 53 characters is refused', on =>
      on.isRefused(['create', '--dry-run=server', '-f', '-'], {
        input: kradle(
          'Organization',
          tooLong,
          { displayName: 'Long', namespaceName: `kradle-org-${tooLong}` },
          { namespace: PLATFORM },
        ),
        says: [
          'is longer than the 63 characters of a namespace; choose a slug of at most 52 (R11)',
          'spec.namespaceName: ',
        ],
      }),
    ),
  ],
}
