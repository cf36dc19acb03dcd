import t from 'tap'
import { fieldsOf, labelsOf } from '#src/apiserver/storage/selectable.ts'
import { pullRequest, pullRequests } from '#test/support/stored.ts'

t.test('labels', async t => {
  t.strictSame(labelsOf(pullRequest('a')), {})
  t.strictSame(labelsOf(pullRequest('a', { labels: { a: 'b' } })), { a: 'b' })
})

t.test('selectable fields are there even where the object has none', async t => {
  for (const [spec, status, want] of [
    [{}, undefined, ['', '', '', '']],
    [
      { repository: 'web', draft: false, number: 0 },
      { phase: 'Open' },
      ['web', 'Open', 'false', '0'],
    ],
    [{ repository: null, draft: {}, number: [] }, { phase: '' }, ['', '', '', '']],
  ] as const) {
    const object = pullRequest('a', { spec, ...(status && { status }) })
    t.strictSame(Object.values(fieldsOf(pullRequests, object)), want)
  }
  t.strictSame(Object.keys(fieldsOf(pullRequests, pullRequest('a'))), pullRequests.selectableFields)
})

t.test('what lies before a field may be anything', async t => {
  const object = { ...pullRequest('a'), spec: 'text' as never, status: null as never }
  t.strictSame(Object.values(fieldsOf(pullRequests, object)), ['', '', '', ''])
})
