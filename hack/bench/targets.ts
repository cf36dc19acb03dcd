import type { Memory } from './process-memory.ts'
import { ratio, type Series } from './results.ts'
import type { SetupName, Shape } from './setups/setup.ts'
import type { Estimate } from './statistics.ts'

/** Results of one number of organisations. */
export type Stage = {
  /** What was created. */
  readonly noun: string
  readonly organizations: number
  /** How many grants they have together, where that matters. */
  readonly grants?: number
  readonly series: readonly Series[]
}

/** How Kradle stands to one aim, by one measure. */
export type Standing = {
  readonly aim: string
  readonly cost: 'latency' | 'cpu'
  readonly ratio: Estimate
  readonly limit: number
  readonly goal: number | undefined
}

type Aim = { text: string; than: SetupName; shape: Shape; limit: number; goal?: number }

const teamAims: readonly Aim[] = [
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

const podAims: readonly Aim[] = [
  {
    text: 'two keys, Kradle : Kyverno with one policy',
    than: 'kyverno',
    shape: 'two keys',
    limit: 0.9,
    goal: 0.7,
  },
  {
    text: 'two keys, Kradle : empty Node webhook',
    than: 'empty',
    shape: 'two keys',
    limit: 1.3,
  },
]

/** Flat, allowing for what one run can tell apart. */
const flatLimit = 1.1
const costs = ['latency', 'cpu'] as const

export function standings(few: Stage, many: Stage): Standing[] {
  const compared = [few, many].flatMap(stage => comparisons(stage, teamAims))
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

export const grantStandings = (stage: Stage): Standing[] => comparisons(stage, podAims)

const comparisons = (stage: Stage, aims: readonly Aim[]): Standing[] =>
  aims.flatMap(({ text, than, shape, limit, goal }) =>
    costs.map(cost => ({
      aim: `${text}, at ${count(stage)}`,
      cost,
      ratio: ratio(find(stage, 'kradle', shape), find(stage, than, shape), cost),
      limit,
      goal,
    })),
  )

/** Something of which there is to be no more than the limit, and that needs no comparison. */
export type Figure = {
  readonly what: string
  readonly value: number
  readonly text: string
  readonly limit: number
  readonly limitText: string
}

/** MiB. */
const memoryLimit = 300

/** What is aimed at for the process that judges. */
export function webhookFigures(seen: {
  /** When it had started and held everything, and when all was measured. */
  readonly started: Memory
  readonly memory: Memory
  readonly calls: number
}): Figure[] {
  const mebibytes = (value: number) => `${value.toFixed(0)} MiB`
  const { started, memory, calls } = seen
  return [
    {
      what: 'resident memory of the webhook',
      value: memory.resident,
      text: `${mebibytes(memory.resident)} (${mebibytes(started.resident)} after its start, ${mebibytes(memory.peak)} at most)`,
      limit: memoryLimit,
      limitText: mebibytes(memoryLimit),
    },
    {
      what: 'API calls of the webhook per review',
      value: calls,
      text: calls.toFixed(4),
      limit: 0,
      limitText: '0',
    },
  ]
}

export const verdict = (of: Standing | Figure): 'PASS' | 'MISS' =>
  ('ratio' in of ? of.ratio.value : of.value) <= of.limit ? 'PASS' : 'MISS'

/** Whether another run might well say the other thing. */
export const isClose = ({ ratio: { low, high }, limit }: Standing): boolean =>
  low <= limit && limit < high

export function count({ organizations, grants }: Omit<Stage, 'series'>): string {
  const of = `${organizations.toLocaleString('en')} organisation${organizations === 1 ? '' : 's'}`
  return grants === undefined ? of : `${of} and ${grants.toLocaleString('en')} grants`
}

function find({ series }: Stage, setup: SetupName, shape: Shape): Series {
  const found = series.find(each => each.setup === setup && each.shape === shape)
  if (!found) throw new Error(`${setup} was not measured with shape ${shape}`)
  return found
}
