import { addedEstimate, summary, type Series } from './results.ts'
import type { Estimate } from './statistics.ts'
import {
  count,
  grantStandings,
  isClose,
  standings,
  verdict,
  type Figure,
  type Stage,
  type Standing,
} from './targets.ts'

/** The results as text: a table for each number of organisations, then the aims. */
export function report(few: Stage, many: Stage): string {
  return [...[few, many].map(stageTable), aimsTable(standings(few, many))].join('\n\n')
}

/** The same for one stage, with what else is aimed at. */
export function grantReport(stage: Stage, figures: readonly Figure[]): string {
  return [stageTable(stage), aimsTable(grantStandings(stage)), figuresTable(figures)].join('\n\n')
}

const headings = (noun: string): string[] => [
  'setup',
  noun,
  'p50',
  'p99',
  'adds to p50 [95 %]',
  'to p99',
  'stored, to p50 [95 %]',
  'creates/s',
  'share',
  'engine CPU',
  'API server CPU',
  'adds CPU [95 %]',
]

export function stageTable(stage: Stage): string {
  const rows = stage.series.map(row)
  const rounds = Math.max(...stage.series.map(({ visits }) => visits.length))
  return `${count(stage)}, ${rounds} rounds; milliseconds per create, 8 clients for creates/s and CPU\n${table([headings(stage.noun), ...rows])}`
}

function row(series: Series): string[] {
  const all = summary(series)
  return [
    series.title,
    series.shape,
    all.p50.toFixed(2),
    all.p99.toFixed(2),
    interval(addedEstimate(series, 'latency')),
    signed(all.addedP99),
    interval(addedEstimate(series, 'stored')),
    all.perSecond.toFixed(0),
    `${(100 * all.throughputShare).toFixed(0)} %`,
    all.engineMs.toFixed(2),
    `${all.apiserverMs.toFixed(2)} (${signed(all.addedApiserverMs)})`,
    interval(addedEstimate(series, 'cpu')),
  ]
}

export function aimsTable(all: readonly Standing[]): string {
  const rows = all.map(standing => [
    verdict(standing),
    standing.aim,
    standing.cost === 'cpu' ? 'added CPU' : 'added p50',
    `${standing.ratio.value.toFixed(2)} [${standing.ratio.low.toFixed(2)}, ${standing.ratio.high.toFixed(2)}]`,
    `at most ${standing.limit.toFixed(1)}${standing.goal === undefined ? '' : `, goal ${standing.goal.toFixed(1)}`}`,
    isClose(standing) ? 'too close to call in this run' : '',
  ])
  return `aims, as ratios of what is added to a create nothing judges [95 %]\n${table(rows)}`
}

function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.map(figure => [
    verdict(figure),
    figure.what,
    figure.text,
    `at most ${figure.limitText}`,
  ])
  return `other aims\n${table(rows)}`
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`

const interval = ({ value, low, high }: Estimate): string =>
  `${signed(value)} [${signed(low)}, ${signed(high)}]`

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(cells => cells[column]!.length)))
  return rows
    .map(cells =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
