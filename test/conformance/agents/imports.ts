import { activity, ofKradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'

const statusOf = (status: object) => [
  'patch',
  'agentrunmemoryimport',
  'lessons',
  '--subresource=status',
  '--type=merge',
  '-p',
  JSON.stringify({ status }),
]
const as = ofKradle('memory-controller')
const moves = (on: Stage, status: object) => on.comes(statusOf(status), { as, says: 'patched' })

export const imports: Scenario = {
  name: 'agents/imports',
  title: 'What a run remembers is redacted, and merged after somebody approved it',
  rows: [42],
  rules: ['R159', 'R160', 'R161', 'R162'],
  needs: ['activity'],
  steps: [
    step('an import of a run begins', async on => {
      await on.does(['create', '-f', '-'], {
        input: activity('AgentRunMemoryImport', 'lessons', {
          memoryRepository: 'memory',
          source: { kind: 'AgentDispatchRun', name: 'run-1' },
          include: ['lessons'],
        }),
      })
      await moves(on, { phase: 'Collected' })
      await moves(on, { phase: 'Redacting' })
    }),
    step('it is not normalised before it is redacted', async on => {
      await on.isRefused(statusOf({ phase: 'Normalizing' }), {
        as,
        says: 'nothing is normalised that was not redacted; write redactedAt (R161)',
      })
      await moves(on, { phase: 'Normalizing', redactedAt: '2026-01-31T00:00:00Z' })
      await moves(on, { phase: 'Validating' })
    }),
    step('it waits for somebody, and nothing merges it meanwhile', async on => {
      await moves(on, { phase: 'AwaitingReview' })
      await on.isRefused(statusOf({ phase: 'Merged' }), {
        as,
        says: 'status.phase: Forbidden: "Merged" does not follow "AwaitingReview"',
      })
    }),
    step('who approves it is kept', async on => {
      await on.isRefused(statusOf({ phase: 'Approved' }), {
        as,
        says: 'who approved it is kept; write approvedBy (R162)',
      })
      await moves(on, { phase: 'Approved', approvedBy: 'jane' })
    }),
  ],
}
