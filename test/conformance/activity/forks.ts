import { activity, kradle, ofKradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const pipeline = (name: string, scopes?: object) =>
  activity('Pipeline', name, {
    repository: 'app',
    ref: 'refs/pull/9/head',
    commit: '4f5d2c1b8a9e7d6c5b4a39281706f5e4d3c2b1a0',
    trigger: 'pull-request',
    trustTier: 'untrusted',
    steps: [{ name: 'test', run: 'npm test', ...(scopes && { scopes }) }],
  })

export const forks: Scenario = {
  name: 'activity/forks',
  title: 'Work of a pull request has neither Secrets nor the API of the cluster',
  rows: [21],
  rules: ['R191', 'R192', 'R194', 'R195'],
  needs: ['activity'],
  steps: [
    step('what its steps may have is false where nothing is said', async on => {
      await on.does(['apply', '-f', '-'], {
        input: kradle('Repository', 'app', { visibility: 'internal' }),
      })
      await on.comes([...create, '-o', 'jsonpath={.spec.steps[0].scopes}'], {
        input: pipeline('app-9'),
        says: ['"secrets":false', '"clusterApi":false'],
      })
    }),
    step('asking for more is refused', on =>
      on.isRefused(create, {
        input: pipeline('curious', { secrets: true }),
        says: 'untrusted work has neither Secrets nor the API of the cluster; write false for both in every step (R191)',
      }),
    ),
    step('and so is changing it afterwards', on => {
      const steps = [{ name: 'test', run: 'npm test', scopes: { secrets: true } }]
      const change = JSON.stringify({ spec: { steps } })
      return on.isRefused(['patch', 'pipeline', 'app-9', '--type=merge', '-p', change], {
        says: 'is invalid',
      })
    }),
    step('a job has no more than its step', on =>
      on.isSoonRefused(create, {
        input: activity('Job', 'app-9-test', {
          pipeline: 'app-9',
          step: 'test',
          scopes: { secrets: true },
        }),
        says: /\[R192|\(R191|\(R192/,
      }),
    ),
    step('a job of it has none by itself', on =>
      on.comes([...create, '-o', 'jsonpath={.spec.trustTier} {.spec.scopes}'], {
        as: ofKradle('runner-controller'),
        input: activity('Job', 'app-9-test', { pipeline: 'app-9', step: 'test' }),
        says: ['untrusted', '"secrets":false', '"clusterApi":false'],
      }),
    ),
  ],
}
