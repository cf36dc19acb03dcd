import { parseArgs } from 'node:util'
import { Problem } from '#hack/local/problem.ts'

export type BenchOptions = {
  /** How often every setup is switched on and measured, at each number of organisations. */
  readonly rounds: number
  /** Pairs of requests that one visit measures one after the other; it makes sixteen times as many by several clients. */
  readonly requests: number
  /** The larger number of organisations; the smaller is one. */
  readonly organizations: number
}

const usual: BenchOptions = { rounds: 4, requests: 125, organizations: 1_000 }
const quick: BenchOptions = { rounds: 1, requests: 30, organizations: 50 }

export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      requests: { type: 'string' },
      organizations: { type: 'string' },
    },
  })
  const preset = values.quick ? quick : usual
  const count = (name: 'rounds' | 'requests' | 'organizations', least: number) => {
    const given = values[name]
    if (given === undefined) return preset[name]
    const number = Number(given)
    if (!Number.isSafeInteger(number) || number < least)
      throw new Problem(`--${name}: "${given}" is not a whole number of at least ${least}`)
    return number
  }
  return {
    rounds: count('rounds', 1),
    requests: count('requests', 10),
    organizations: count('organizations', 2),
  }
}
