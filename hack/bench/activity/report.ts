import { table } from '../report.ts'
import { mean, median, quantile, type Estimate } from '../statistics.ts'
import type { Side } from './issues.ts'
import type { Pairs } from './reads.ts'
import { eventLatency, growth, throughputRatio, timeRatio } from './results.ts'
import type { Watched } from './watches.ts'
import { clients, type Block, type Verb } from './writes.ts'

/** What was measured; a part that was not wanted is missing. */
export type Measured = {
  readonly lists?: Pairs
  readonly pages?: readonly { readonly few: Pairs; readonly many: Pairs }[]
  readonly writes?: readonly Block[]
  readonly watches?: readonly (readonly Watched[])[]
}

type Aim = {
  readonly aim: string
  readonly seen: Estimate
  readonly limit: number
  readonly goal?: number
  readonly unit?: string
  readonly least?: boolean
}

const sides = ['crd', 'kradle'] as const
const verbs = ['create', 'status'] as const
const names: Readonly<Record<Side, string>> = {
  kradle: 'kradle-apiserver',
  crd: 'custom resource',
}
const verbNames: Readonly<Record<Verb, string>> = { create: 'create', status: 'status patch' }

const plurals: Readonly<Record<Verb, string>> = { create: 'creates', status: 'status patches' }

/** The results as text: a table for each part, then the aims. */
export function activityReport(measured: Measured): string {
  const { lists, pages = [], writes, watches } = measured
  const reads = [...(lists ? [lists] : []), ...pages.flatMap(({ few, many }) => [few, many])]
  return [
    ...(reads.length > 0 ? [readsTable(reads)] : []),
    ...(writes ? [writesTable(writes)] : []),
    ...(watches ? [watchesTable(watches)] : []),
    aimsTable(aims(measured)),
  ].join('\n\n')
}

function readsTable(reads: readonly Pairs[]): string {
  const rows = reads.map(pairs => {
    const [crd, kradle] = [pairs.crd.flat(), pairs.kradle.flat()]
    return [
      pairs.title,
      (pairs.bytes / 2 ** 20).toFixed(1),
      ...[crd, kradle].flatMap(times => [
        median(times).toFixed(1),
        quantile(times, 0.9).toFixed(1),
      ]),
      interval(timeRatio(pairs)),
    ]
  })
  const heading = ['read', 'MiB', 'crd p50', 'p90', 'kradle p50', 'p90', 'kradle : crd [95 %]']
  return `reads, milliseconds to the last byte; a page of the custom resources is always of the same number of them\n${table([heading, ...rows])}`
}

function writesTable(blocks: readonly Block[]): string {
  const rows = verbs.flatMap(verb =>
    sides.map(side => {
      const own = blocks.filter(block => block.verb === verb && block.side === side)
      const ms = own.flatMap(block => block.ms)
      const cpu = (name: keyof Block['cpu']) => mean(own.map(block => block.cpu[name]))
      const parts = (['kube-apiserver', 'apiserver', 'postgres', 'etcd'] as const).map(cpu)
      return [
        verbNames[verb],
        names[side],
        mean(own.map(block => block.perSecond)).toFixed(0),
        median(ms).toFixed(1),
        quantile(ms, 0.99).toFixed(1),
        ...parts.map(part => part.toFixed(2)),
        parts.reduce((sum, part) => sum + part, 0).toFixed(2),
      ]
    }),
  )
  const heading = ['write', 'of', 'a second', 'p50', 'p99', 'kube-apiserver', 'kradle-apiserver']
  return `writes by ${clients} clients; milliseconds, and milliseconds of CPU per write\n${table([[...heading, 'postgres', 'etcd', 'CPU in all'], ...rows])}`
}

function watchesTable(rounds: readonly (readonly Watched[])[]): string {
  const rows = sides.map(side => {
    const own = rounds.flat().filter(watched => watched.side === side)
    const average = (of: (watched: Watched) => number) => mean(own.map(of))
    const times = (of: (watched: Watched) => readonly number[], q: number) =>
      average(watched => quantile(of(watched), q)).toFixed(0)
    const sum = (of: (watched: Watched) => number) =>
      own.reduce((total, watched) => total + of(watched), 0)
    return [
      names[side],
      average(watched => watched.perSecond).toFixed(0),
      `${sum(({ events }) => events)} of ${sum(({ expected }) => expected)}`,
      `${times(({ sinceDue }) => sinceDue, 0.5)} / ${times(({ sinceDue }) => sinceDue, 0.99)}`,
      `${times(({ sinceAnswered }) => sinceAnswered, 0.5)} / ${times(({ sinceAnswered }) => sinceAnswered, 0.99)}`,
      `${times(({ creates }) => creates, 0.5)} / ${times(({ creates }) => creates, 0.99)}`,
      (['kube-apiserver', 'apiserver', 'postgres', 'etcd', 'watchers'] as const)
        .map(name => average(({ cores }) => cores[name]).toFixed(2))
        .join(' '),
    ]
  })
  const heading = [
    'created',
    'a second',
    'events seen',
    'due to event',
    'answer to event',
    'due to answer',
    'cores: kube-apiserver, kradle-apiserver, postgres, etcd, watchers',
  ]
  return `creates while many watch; milliseconds, p50 / p99\n${table([heading, ...rows])}`
}

function aims({ lists, pages = [], writes, watches }: Measured): readonly Aim[] {
  return [
    ...(writes
      ? verbs.map(verb => ({
          aim: `${plurals[verb]} a second, kradle : crd`,
          seen: throughputRatio(writes, verb),
          limit: 0.6,
          goal: 1,
          least: true,
        }))
      : []),
    ...(lists
      ? [{ aim: `${lists.title}, kradle : crd`, seen: timeRatio(lists), limit: 1, goal: 0.7 }]
      : []),
    ...pages.map(({ few, many }) => ({
      aim: `${many.title} : ${few.title}`,
      seen: growth(few, many),
      limit: 1.5,
    })),
    ...(watches
      ? [
          {
            aim: 'create to event, p99',
            seen: eventLatency(watches, 'kradle', 0.99),
            limit: 250,
            goal: 150,
            unit: ' ms',
          },
        ]
      : []),
  ]
}

function aimsTable(all: readonly Aim[]): string {
  const rows = all.map(({ aim, seen, limit, goal, unit = '', least = false }) => {
    const { value, low, high } = seen
    const digits = unit ? 0 : 2
    const text = (of: number) => of.toFixed(digits)
    const isMet = least ? value >= limit : value <= limit
    const isClose = low <= limit && limit < high
    return [
      isMet ? 'PASS' : 'MISS',
      aim,
      `${text(value)}${unit} [${text(low)}, ${text(high)}]`,
      `at ${least ? 'least' : 'most'} ${limit}${unit}${goal === undefined ? '' : `, goal ${goal}${unit}`}`,
      isClose ? 'too close to call in this run' : '',
    ]
  })
  return rows.length === 0 ? 'no aims' : `aims [95 %]\n${table(rows)}`
}

const interval = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
