import { sql } from 'kysely'
import t from 'tap'
import { compiled } from '#src/apiserver/storage/database.ts'
import { and, isSelective, range, selection } from '#src/apiserver/storage/selection.ts'
import { hasLabel, isField, isLabel, uuids } from '#src/apiserver/storage/terms.ts'
import { pullRequests } from '#test/support/stored.ts'

const said = (conditions: ReturnType<typeof selection>) => {
  const { sql: text, parameters } = compiled(and(conditions))
  return [text, ...parameters]
}

const selected = (query: Parameters<typeof selection>[1]) =>
  said(selection(pullRequests, query, sql`terms`))

const a = isLabel(pullRequests, 'k', 'a')
const b = isLabel(pullRequests, 'k', 'b')
const key = hasLabel(pullRequests, 'k')

t.test('labels', async t => {
  const of = (operator: 'in' | 'notin' | 'exists' | '!', ...values: string[]) =>
    selected({ labels: [{ key: 'k', operator, values }] })
  t.strictSame(of('in', 'a'), ['terms @> $1::uuid[]', uuids([a])])
  t.strictSame(of('in', 'a', 'b'), ['terms && $1::uuid[]', uuids([a, b])])
  t.strictSame(of('notin', 'a', 'b'), ['not terms && $1::uuid[]', uuids([a, b])])
  t.strictSame(of('exists'), ['terms @> $1::uuid[]', uuids([key])])
  t.strictSame(of('!'), ['not terms && $1::uuid[]', uuids([key])])
})

t.test('fields', async t => {
  const of = (field: string, operator: '=' | '!=', value: string) =>
    selected({ fields: [{ field, operator, value }] })
  const web = uuids([isField(pullRequests, '.spec.repository', 'web')])
  t.strictSame(of('spec.repository', '=', 'web'), ['terms @> $1::uuid[]', web])
  t.strictSame(of('spec.repository', '!=', 'web'), ['not terms && $1::uuid[]', web])
  t.strictSame(of('metadata.name', '=', 'x'), ['"name" = $1', 'x'])
  t.strictSame(of('metadata.namespace', '!=', 'x'), ['"namespace" <> $1', 'x'])
  t.strictSame(of('metadata.name', '=', '\0'), ['false'])
  t.strictSame(of('metadata.name', '!=', '\0'), ['true'])
})

t.test('all that has to be there is looked for at once', async t => {
  const labels = [
    { key: 'k', operator: 'in', values: ['a'] },
    { key: 'k', operator: '!', values: [] },
  ] as const
  const fields = [{ field: 'status.phase', operator: '=', value: 'Open' }] as const
  const open = isField(pullRequests, '.status.phase', 'Open')
  t.strictSame(selected({ labels, fields }), [
    'not terms && $1::uuid[] and terms @> $2::uuid[]',
    uuids([key]),
    uuids([a, open]),
  ])
  t.equal(isSelective({ labels }), true)
  t.equal(isSelective({ fields }), true)
  t.equal(isSelective({ labels: [], fields: [] }), false)
  t.equal(isSelective({}), false)
})

t.test('where to look', async t => {
  t.strictSame(range(undefined, undefined), [])
  t.strictSame(said(range('n', undefined)), ['namespace = $1', 'n'])
  t.strictSame(said(range('n\0', undefined)), ['false'])
  t.strictSame(said(range(undefined, { namespace: 'n', name: 'a\0' })), [
    '(namespace, name) > ($1, $2)',
    'n',
    'a',
  ])
})
