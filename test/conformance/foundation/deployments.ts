import { PLATFORM } from '../runner/organisation.ts'
import { step, type Scenario } from '../scenario.ts'

export const deployments: Scenario = {
  name: 'foundation/deployments',
  title: 'All Deployments of Kradle are available, and their Pods are restricted',
  rows: [59],
  rules: [],
  needs: ['deployments'],
  steps: [
    step('every Deployment is available', on =>
      on.does(
        [
          'wait',
          '--for=condition=Available',
          'deployment',
          '--all',
          '-n',
          PLATFORM,
          '--timeout=60s',
        ],
        { says: 'condition met', seconds: 70 },
      ),
    ),
    step('no Pod would be refused under Pod Security "restricted"', on =>
      on.does(
        [
          'label',
          'namespace',
          PLATFORM,
          '--overwrite',
          '--dry-run=server',
          'pod-security.kubernetes.io/enforce=restricted',
        ],
        { never: ['violate', 'Warning:'] },
      ),
    ),
    step('no image goes by a tag that moves', async on => {
      const images = 'jsonpath={.items[*].spec.template.spec.containers[*].image}'
      const { stdout } = await on.does(['get', 'deployments', '-n', PLATFORM, '-o', images])
      const moving = stdout.split(/\s+/).filter(image => /:latest$|^[^:@]+$/.test(image))
      if (moving.length > 0) throw new Error(`these do: ${moving.join(', ')}`)
    }),
  ],
}
