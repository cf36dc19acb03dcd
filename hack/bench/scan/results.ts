import { median } from '../statistics.ts'
import { table } from '../report.ts'
import type { KradleScan, Pass } from './kradle.ts'
import type { KyvernoScan } from './kyverno.ts'

/** What is aimed at. */
const leastPerSecond = 2_000

export type Row = {
  readonly title: string
  readonly objects: number
  readonly seconds: number
  readonly writes: number
  /** Milliseconds of CPU for each object, of the scanner and of the servers. */
  readonly cpu: { readonly scanner: number; readonly servers: number }
}

export const perSecond = ({ objects, seconds }: Pick<Row, 'objects' | 'seconds'>): number =>
  objects / seconds

/** The first pass, and the unchanged ones as one in the middle. */
export function kradleRows({ passes }: KradleScan): readonly Row[] {
  const [first, ...others] = passes.map(rowOf)
  const middle = (of: (row: Row) => number) => median(others.map(of))
  return [
    { ...first!, title: 'Kradle, all rules and definitions: first pass' },
    {
      title: `the same, unchanged (${others.length} passes)`,
      objects: middle(({ objects }) => objects),
      seconds: middle(({ seconds }) => seconds),
      writes: Math.max(...others.map(({ writes }) => writes)),
      cpu: {
        scanner: middle(({ cpu }) => cpu.scanner),
        servers: middle(({ cpu }) => cpu.servers),
      },
    },
  ]
}

const rowOf = ({ objects, seconds, writes, cost }: Pass): Row => ({
  title: '',
  objects,
  seconds,
  writes,
  cpu: { scanner: cost.scanner / objects, servers: cost.servers / objects },
})

/** Its first look at everything, and the next. */
export const kyvernoRows = ({ objects, first, unchanged }: KyvernoScan): readonly Row[] =>
  (
    [
      ['Kyverno, one rule: first scan', first],
      ['the same, unchanged', unchanged],
    ] as const
  ).map(([title, pass]) => ({ ...rowOf({ objects, ...pass }), title }))

/** The results as text: how fast, at what cost, and how that stands to what is aimed at. */
export function scanReport(kradle: KradleScan, kyverno: KyvernoScan): string {
  const ours = kradleRows(kradle)
  const theirs = kyvernoRows(kyverno)
  const rows = [...ours, ...theirs].map(row => [
    row.title,
    String(Math.round(row.objects)),
    row.seconds.toFixed(1),
    perSecond(row).toFixed(0),
    String(row.writes),
    row.cpu.scanner.toFixed(2),
    row.cpu.servers.toFixed(2),
  ])
  const heading = ['scan', 'objects', 'seconds', 'objects/s', 'writes', 'CPU', 'of the servers']
  return [
    `scans; milliseconds of CPU for each object, of the scanner, and of kube-apiserver, etcd and kradle-apiserver together\n${table([heading, ...rows])}`,
    `Kyverno wrote the first report ${kyverno.delay.toFixed(0)} s after it had the policy, which is not in its seconds`,
    `resident memory: Kradle ${memoryOf(kradle.memory)}, Kyverno ${memoryOf(kyverno.memory)}`,
    `failing: ${kradle.failing}`,
    aims(ours[1]!, theirs[1]!),
  ].join('\n\n')
}

const memoryOf = ({ resident, peak }: KradleScan['memory']): string =>
  `${resident.toFixed(0)} MiB (${peak.toFixed(0)} at most)`

function aims(unchanged: Row, theirs: Row): string {
  const rate = perSecond(unchanged)
  return `aims\n${table([
    [
      rate >= leastPerSecond ? 'PASS' : 'MISS',
      'objects a second on an unchanged pass',
      `${rate.toFixed(0)}; ${(rate / perSecond(theirs)).toFixed(0)} times as many as Kyverno's next scan by one rule`,
      `at least ${leastPerSecond}`,
    ],
    [
      unchanged.writes === 0 ? 'PASS' : 'MISS',
      'writes of reports on an unchanged pass',
      String(unchanged.writes),
      'none',
    ],
  ])}`
}
