import { Failure } from '#test/conformance/runner/failure.ts'
import type { Result } from '#test/conformance/runner/run.ts'

const scenario = (name: string, ...rows: number[]) => ({
  name,
  title: `Of ${name}`,
  rows,
  rules: ['R28'],
  steps: [],
})

/** One of each outcome. */
export const results: readonly Result[] = [
  { scenario: scenario('tenancy/scope', 9), area: 'tenancy', outcome: 'passed', seconds: 1.5 },
  {
    scenario: scenario('tenancy/more', 9),
    area: 'tenancy',
    outcome: 'failed',
    seconds: 2,
    failed: {
      step: 'a "second" <one> & more',
      error: new Failure('kubectl get x', 'accepted', 'exit code 1\n<html>&'),
    },
  },
  {
    scenario: scenario('tenancy/odd', 8),
    area: 'tenancy',
    outcome: 'failed',
    seconds: 0,
    failed: { step: 'something', error: new Error('it is odd') },
  },
  {
    scenario: scenario('policy/modes', 23, 9),
    area: 'policy',
    outcome: 'skipped',
    seconds: 0,
    why: 'Kyverno does not run',
  },
]
