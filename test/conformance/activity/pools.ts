import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

export const pools: Scenario = {
  name: 'activity/pools',
  title: 'A RunnerPool keeps no more runners ready than it may have, kubectl scale included',
  rows: [20],
  rules: ['R190', 'R222'],
  steps: [
    step('three warm of at most two are refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('RunnerPool', 'eager', { warmReplicas: 3, maxReplicas: 2 }),
        says: [
          'spec.warmReplicas',
          'more runners are kept ready than there may be; write at most as many as maxReplicas, or raise that (R190)',
        ],
      }),
    ),
    step('kubectl scale sets how many are warm', async on => {
      const pool = { warmReplicas: 1, maxReplicas: 4, trustTier: 'untrusted' }
      await on.does(['create', '-f', '-'], { input: kradle('RunnerPool', 'linux', pool) })
      await on.does(['scale', 'runnerpool', 'linux', '--replicas=4'], { says: 'scaled' })
      await on.does(['get', 'runnerpool', 'linux', '-o', 'jsonpath={.spec.warmReplicas}'], {
        says: '4',
      })
    }),
    step('up to the limit', on =>
      on.isRefused(['scale', 'runnerpool', 'linux', '--replicas=5'], { says: '(R190)' }),
    ),
    step('a pool that ran untrusted work does not become trusted', on => {
      const trusted = JSON.stringify({ spec: { trustTier: 'trusted' } })
      return on.isRefused(['patch', 'runnerpool', 'linux', '--type=merge', '-p', trusted], {
        says: 'runners and caches keep what ran in them, so a pool stays "untrusted"; create another one that is "trusted" (R222)',
      })
    }),
  ],
}
