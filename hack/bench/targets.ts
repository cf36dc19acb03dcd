import { ratio, type Series } from './results.ts'
import type { SetupName, Shape } from './setups/setup.ts'
import type { Estimate } from './statistics.ts'

/** Results of one number of organisations. */
export type Stage = { readonly organizations: number; readonly series: readonly Series[] }

/** How Kradle stands to one aim, by one measure. */
export type Standing = {
  readonly aim: string
  readonly cost: 'latency' | 'cpu'
  readonly ratio: Estimate
  readonly limit: number
  readonly goal: number | undefined
}

type Aim = { text: string; than: SetupName; shape: Shape; limit: number; goal?: number }

const aims: readonly Aim[] = [
  {
    text: 'complete, Kradle : Kyverno with one policy',
    than: 'kyverno',
    shape: 'complete',
    limit: 0.9,
    goal: 0.7,
  },
  {
    text: 'complete, Kradle : empty Node webhook',
    than: 'empty',
    shape: 'complete',
    limit: 1.2,
    goal: 1,
  },
  {
    text: 'defaults, Kradle : Kyverno with two policies',
    than: 'kyverno-two',
    shape: 'defaults',
    limit: 1,
  },
]

/** Flat, allowing for what one run can tell apart. */
const flatLimit = 1.1
const costs = ['latency', 'cpu'] as const

export function standings(few: Stage, many: Stage): Standing[] {
  const compared = [few, many].flatMap(stage =>
    aims.flatMap(({ text, than, shape, limit, goal }) =>
      costs.map(cost => ({
        aim: `${text}, at ${count(stage)}`,
        cost,
        ratio: ratio(find(stage, 'kradle', shape), find(stage, than, shape), cost),
        limit,
        goal,
      })),
    ),
  )
  const flat = (['complete', 'defaults'] as const).flatMap(shape =>
    costs.map(cost => ({
      aim: `${shape}, Kradle at ${count(many)} : at ${count(few)}`,
      cost,
      ratio: ratio(find(many, 'kradle', shape), find(few, 'kradle', shape), cost),
      limit: flatLimit,
      goal: undefined,
    })),
  )
  return [...compared, ...flat]
}

export const verdict = ({ ratio: { value }, limit }: Standing): 'PASS' | 'MISS' =>
  value <= limit ? 'PASS' : 'MISS'

/** Whether another run might well say the other thing. */
export const isClose = ({ ratio: { low, high }, limit }: Standing): boolean =>
  low <= limit && limit < high

export const count = ({ organizations }: Stage): string =>
  `${organizations.toLocaleString('en')} organisation${organizations === 1 ? '' : 's'}`

function find({ series }: Stage, setup: SetupName, shape: Shape): Series {
  const found = series.find(each => each.setup === setup && each.shape === shape)
  if (!found) throw new Error(`${setup} was not measured with ${shape} Teams`)
  return found
}
