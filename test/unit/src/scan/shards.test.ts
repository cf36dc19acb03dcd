import t from 'tap'
import type { Report } from '#src/api/policy-reports.ts'
import { reportsOf } from '#src/scan/shards.ts'
import { Tally, type Entry } from '#src/scan/tally.ts'
import { now } from '#test/fixtures.ts'

const NAMESPACE = 'kradle-org-acme'
const entry = (uid: string, more: Partial<Entry> = {}): Entry => ({
  policy: 'pod/keys-are-granted',
  rule: 'R51',
  result: 'fail',
  field: 'spec',
  message: 'no',
  object: { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: uid, uid },
  ...more,
})
const tallied = (entries: readonly Entry[], namespace = NAMESPACE) => {
  const tally = new Tally()
  for (const each of entries) tally.keep(namespace, each)
  return tally.namespaces.get(namespace)!
}
const many = (count: number, more: Partial<Entry> = {}) =>
  Array.from({ length: count }, (_, index) => entry(`uid-${index}`, more))
const made = (
  entries: readonly Entry[],
  existing: readonly Report[] = [],
  more: Partial<Parameters<typeof reportsOf>[2]> = {},
  namespace = NAMESPACE,
) =>
  reportsOf(namespace, tallied(entries, namespace), {
    api: 'wgpolicyk8s.io',
    existing,
    unread: [],
    now,
    ...more,
  })
const seconds = now.getTime() / 1000

t.test('says of each what it is, and counts the rest', async t => {
  const [bucket, ...rest] = tallied([
    entry('a'),
    entry('b', { result: 'warn', rule: '', field: '' }),
  ])
  const buckets = [{ ...bucket!, passed: 40 }, ...rest]
  const options = { api: 'wgpolicyk8s.io', existing: [], unread: [], now } as const
  const [report, ...others] = reportsOf(NAMESPACE, buckets, options)
  t.strictSame(others, [])
  const { results = [], ...head } = report!
  t.strictSame(head, {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: {
      name: 'kradle-0',
      namespace: NAMESPACE,
      labels: {
        'app.kubernetes.io/managed-by': 'kradle',
        'kradle.a5c.ai/report': 'scan',
        'kradle.a5c.ai/org': 'acme',
      },
    },
    scope: { apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE },
    summary: { pass: 40, fail: 1, warn: 1, error: 0, skip: 0 },
  })
  t.strictSame(
    results.find(({ result }) => result === 'fail'),
    {
      source: 'kradle',
      policy: 'pod/keys-are-granted',
      rule: 'R51',
      category: 'Kradle',
      severity: 'high',
      result: 'fail',
      scored: true,
      message: 'no',
      timestamp: { seconds, nanos: 0 },
      resources: [{ apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'a', uid: 'a' }],
      properties: { field: 'spec' },
    },
  )
  const warning = results.find(({ result }) => result === 'warn')!
  t.match(warning, { scored: false, severity: 'low' })
  t.notOk('rule' in warning || 'properties' in warning)
})

t.test('writes openreports.io as it wants to be written, and says what was not read', async t => {
  const [report] = made(
    [entry('a')],
    [],
    { api: 'openreports.io', unread: ['a.b', 'c.d'] },
    'other',
  )
  t.match(report, {
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'Report',
    source: 'kradle',
    metadata: { annotations: { 'kradle.a5c.ai/unread': 'a.b,c.d' } },
  })
  t.notOk('kradle.a5c.ai/org' in report!.metadata.labels!)
})

t.test('a result keeps its time for as long as it says the same', async t => {
  const before = made([entry('a'), entry('b')])
  const later = new Date(now.getTime() + 60_000)
  const withoutTime = { ...before[0]!, results: [{ policy: 'x' }] } as Report
  const after = made([entry('a'), entry('b', { message: 'still no' })], [...before, withoutTime], {
    now: later,
  })
  const times = Object.fromEntries(
    after.flatMap(({ results = [] }) =>
      results.map(({ resources, timestamp }) => [resources![0]!.name!, timestamp!.seconds]),
    ),
  )
  t.strictSame(times, { a: seconds, b: seconds + 60 })
  t.strictSame(made([entry('a'), entry('b')], before, { now: later }), before)
})

t.test('there are as many reports as it takes, and each object is in one', async t => {
  for (const [count, reports] of [
    [0, 1],
    [500, 1],
    [501, 2],
    [1400, 4],
    [3000, 8],
  ] as const) {
    const all = made([...many(count), ...(count === 0 ? [entry('a')] : [])])
    t.equal(all.length, reports, String(count))
    t.strictSame(
      all.map(({ metadata }) => metadata.name),
      Array.from({ length: reports }, (_, shard) => `kradle-${shard}`),
    )
    for (const { results } of all) t.ok(results!.length <= 500)
  }
  const two = made(many(501))
  t.equal(made(many(400), two).length, 2, 'one less is not worth it')
  t.equal(made(many(400), made(many(1400))).length, 1, 'three less are')
  t.equal(made(many(1400), two).length, 4)
  const [first, second] = two
  const forged = { ...second!, metadata: { ...second!.metadata, name: 'kradle-5' } }
  t.equal(made(many(400), [first!, forged]).length, 1, 'one that nobody asked for is none')
  t.equal(made(many(10), two.slice(0, 1)).length, 1)
})

t.test('what does not fit is counted', async t => {
  const all = made([...many(6000), entry('same', { result: 'error' })])
  t.equal(all.length, 8)
  const listed = all.reduce((sum, { results }) => sum + results!.length, 0)
  const cut = all.reduce(
    (sum, { metadata }) => sum + Number(metadata.annotations?.['kradle.a5c.ai/cut'] ?? 0),
    0,
  )
  t.equal(listed + cut, 6001)
  t.ok(cut > 1000)
  t.equal(
    all.reduce((sum, { summary }) => sum + summary!.fail! + summary!.error!, 0),
    6001,
  )
})

t.test('no report is larger than a megabyte, whatever the messages are', async t => {
  const quotes = '"\\'.repeat(1024)
  const all = made(many(3000, { message: quotes }))
  t.equal(all.length, 8)
  for (const report of all) {
    t.ok(Buffer.byteLength(JSON.stringify(report)) < 1024 * 1024)
    t.ok(Number(report.metadata.annotations!['kradle.a5c.ai/cut']) > 0)
  }
})
