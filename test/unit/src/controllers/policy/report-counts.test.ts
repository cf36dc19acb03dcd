import t from 'tap'
import { PolicyReport, Report } from '#src/api/policy-reports.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import {
  countable,
  countsOf,
  isOfKyverno,
  resultsOf,
} from '#src/controllers/policy/report-counts.ts'
import {
  at,
  clusterAt,
  NAMESPACE,
  policyName,
  report,
  result,
  time,
} from '#test/fixtures-kyverno.ts'

const none = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 }

t.test('of a report only what is counted is kept', async t => {
  const { metadata, ...whole } = report('one', [
    { ...result('fail'), message: 'too short', resources: [{ name: 'x' }] },
    result('fail', 'kradle'),
    { policy: 'of nobody' },
  ])
  const scope = { kind: 'Team', name: 'core' }
  const more = { ...metadata, uid: 'u', resourceVersion: '3', labels: { a: 'b' } }
  t.strictSame(countable({ ...whole, metadata: more, scope }), {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: { name: 'one', namespace: NAMESPACE, uid: 'u', resourceVersion: '3' },
    results: [result('fail')],
  })
  const bare = { apiVersion: 'v', kind: 'PolicyReport', metadata: { name: 'bare' } }
  t.strictSame(countable(bare), { ...bare, results: [] })
  t.strictSame(countable({ ...bare, results: [{ policy: 'p', source: 'kyverno' }] }).results, [
    { policy: 'p', source: 'kyverno' },
  ])
})

t.test('Kyverno is known by its source', async t => {
  t.ok(isOfKyverno({ policy: 'p', source: 'KyvernoMutatingPolicy' }))
  t.ok(isOfKyverno({ policy: 'p', source: 'kyverno' }))
  t.notOk(isOfKyverno({ policy: 'p', source: 'kradle' }))
  t.notOk(isOfKyverno({ policy: 'p' }))
})

t.test('results are counted by namespace and name of the policy', async t => {
  const cluster = clusterAt(
    0,
    report('one', [result('fail'), result('fail', 'kradle'), result('pass', undefined, 'other')]),
    report('two', [result('pass'), result('fail')]),
    report('three', [{ policy: `${NAMESPACE}/${policyName}`, source: 'kyverno' }]),
    report('elsewhere', [result('fail')], 'kradle-org-umbrella'),
  )
  t.strictSame(countsOf(PolicyReport, NAMESPACE, policyName, cluster), {
    ...none,
    fail: 2,
    pass: 1,
  })
  t.equal(countsOf(PolicyReport, 'kradle-org-umbrella', policyName, cluster), undefined)
  t.equal(countsOf(Report, NAMESPACE, policyName, cluster), undefined, 'of the other group')
  // A store gives the same list again.
  const lists = new Map<string | undefined, unknown>()
  const kept = {
    ...cluster,
    list: ((kind: never, namespace?: string) => {
      if (!lists.has(namespace)) lists.set(namespace, cluster.list(kind, namespace))
      return lists.get(namespace)
    }) as Cluster['list'],
  }
  t.equal(
    countsOf(PolicyReport, NAMESPACE, policyName, kept),
    countsOf(PolicyReport, NAMESPACE, policyName, kept),
  )
})

t.test('counts are written when they change, and not too often', async t => {
  t.strictSame(resultsOf(undefined, undefined, at(0)), { results: undefined })
  const counts = { ...none, fail: 2 }
  const first = resultsOf(counts, undefined, at(0))
  t.strictSame(first, { results: { ...counts, observedAt: time(0) } })
  const { results } = first
  t.strictSame(resultsOf(counts, results, at(99)), { results })
  const more = { ...counts, fail: 3 }
  t.strictSame(resultsOf(more, results, at(2)), { results, lookAgain: 3 })
  t.strictSame(resultsOf(more, results, at(5)), { results: { ...more, observedAt: time(5) } })
  t.strictSame(resultsOf(more, results, at(-5)), { results: { ...more, observedAt: time(-5) } })
  t.strictSame(resultsOf(undefined, results, at(9)), { results: { ...none, observedAt: time(9) } })
})
