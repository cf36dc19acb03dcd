import t from 'tap'
import type { Report } from '#src/api/policy-reports.ts'
import { isSame } from '#src/scan/same.ts'

const report = (
  metadata: Partial<Report['metadata']> = {},
  rest: Partial<Report> = {},
): Report => ({
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kind: 'PolicyReport',
  metadata: { name: 'kradle-0', labels: { a: 'b' }, ...metadata },
  scope: { kind: 'Namespace' },
  summary: { pass: 1 },
  results: [{ policy: 'a/b' }],
  ...rest,
})

t.test('labels of others count for nothing', async t => {
  t.ok(isSame(report(), report({ labels: { a: 'b', team: 'c' }, resourceVersion: '7' })))
  t.ok(isSame(report({ labels: {} }), report()))
})

t.test('everything else that it says counts', async t => {
  const { labels: _, ...bare } = report().metadata
  for (const other of [
    report({ labels: { a: 'c' } }),
    { ...report(), metadata: bare },
    report({ annotations: { 'kradle.a5c.ai/cut': '1' } }),
    report({}, { source: 'somebody' }),
    report({}, { scope: { kind: 'Pod' } }),
    report({}, { summary: { pass: 2 } }),
    report({}, { results: [] }),
  ])
    t.notOk(isSame(report(), other))
  const { results: __, ...empty } = report()
  t.ok(isSame(report({}, { results: [] }), empty), 'an empty list is none')
  t.ok(isSame({ ...report(), metadata: bare }, report()))
})
