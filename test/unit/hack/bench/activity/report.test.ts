import t from 'tap'
import { activityReport } from '#hack/bench/activity/report.ts'
import { block, pairs, watched } from '#test/support/bench/activity.ts'

const cells = (line: string | undefined) => line?.split(/ {2,}/)

t.test('every part has a table, and all aims are at the end', async t => {
  const text = activityReport({
    lists: pairs('list of 10', [[6, 6]], [[10, 10]]),
    pages: [{ few: pairs('few', [[1]], [[1]]), many: pairs('many', [[2]], [[1]]) }],
    writes: [
      block(1, 'kradle', 'create', 50),
      block(1, 'crd', 'create', 100),
      block(1, 'kradle', 'status', 90),
      block(1, 'crd', 'status', 100),
    ],
    watches: [[watched('kradle', [10, 20]), watched('crd', [10, 20])]],
  })
  const [reads, writes, watches, aims] = text.split('\n\n').map(part => part.split('\n'))
  t.strictSame(cells(reads?.[2]), [
    'list of 10',
    '1.0',
    '10.0',
    '10.0',
    '6.0',
    '6.0',
    '0.60 [0.60, 0.60]',
  ])
  t.strictSame(cells(writes?.[3]), [
    'create',
    'kradle-apiserver',
    '50',
    '15.0',
    '19.9',
    '1.00',
    '2.00',
    '0.50',
    '0.25',
    '3.75',
  ])
  t.strictSame(cells(watches?.[3]), [
    'kradle-apiserver',
    '200',
    '10 of 10',
    '15 / 20',
    '10 / 15',
    '5 / 5',
    '1.00 2.00 0.50 0.25 0.10',
  ])
  t.strictSame(aims?.slice(1).map(cells), [
    ['MISS', 'creates a second, kradle : crd', '0.50 [0.50, 0.50]', 'at least 0.6, goal 1'],
    ['PASS', 'status patches a second, kradle : crd', '0.90 [0.90, 0.90]', 'at least 0.6, goal 1'],
    ['PASS', 'list of 10, kradle : crd', '0.60 [0.60, 0.60]', 'at most 1, goal 0.7'],
    ['MISS', 'many : few', '2.00 [2.00, 2.00]', 'at most 1.5'],
    ['PASS', 'create to event, p99', '20 ms [20, 20]', 'at most 250 ms, goal 150 ms'],
  ])
})

t.test('what was not measured is not told of', async t => {
  const text = activityReport({ lists: pairs('list', [[9], [11]], [[10], [10]]) })
  t.equal(text.split('\n\n').length, 2)
  t.match(text, /too close to call in this run$/)
  t.equal(activityReport({}).split('\n\n').length, 1)
})
