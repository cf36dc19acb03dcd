import t from 'tap'
import { compiled } from '#src/apiserver/storage/database.ts'
import {
  changed,
  objects,
  objectsByTerms,
  objectsNearby,
  remaining,
} from '#src/apiserver/storage/page.ts'
import { isLabel, uuids } from '#src/apiserver/storage/terms.ts'
import { pullRequests } from '#test/support/stored.ts'

const after = { namespace: 'n', name: 'a' }
const query = {
  namespace: 'n',
  after,
  limit: 7,
  labels: [{ key: 'k', operator: 'in', values: ["'; drop"] }],
} as const
const term = uuids([isLabel(pullRequests, 'k', "'; drop")])

t.test('everything asked for is a parameter', async t => {
  const of = (statement: ReturnType<typeof objects>) => compiled(statement).parameters
  t.strictSame(of(objects(pullRequests, {}, '5')), ['pullrequests', '5'])
  t.strictSame(of(objects(pullRequests, query, '5')), ['pullrequests', '5', 'n', 'n', 'a', term, 7])
  const nearby = ['pullrequests', '5', 'n', 'n', 'a', 70, term, 7]
  t.strictSame(of(objectsNearby(pullRequests, query, '5')), nearby)
  const byTerms = ['pullrequests', '5', 'n', 'n', 'a', term, 7, 'pullrequests']
  t.strictSame(of(objectsByTerms(pullRequests, query, '5')), byTerms)
  t.strictSame(of(changed(pullRequests, {}, '5', undefined)), ['pullrequests', 'pullrequests', '5'])
  t.strictSame(of(changed(pullRequests, query, '5', { namespace: 'm', name: 'z' })), [
    'pullrequests', 'pullrequests', '5', 'n', 'n', 'a', 'm', 'z', term, 7,
  ]) // prettier-ignore
  t.strictSame(of(remaining(pullRequests, query, '5', after)), [
    'pullrequests', 'n', 'n', 'a', 'pullrequests', 'n', 'n', 'a', '5',
  ]) // prettier-ignore
})

t.test('a page needs a limit', async t => {
  const { limit: _, ...whole } = query
  t.equal(compiled(objectsNearby(pullRequests, whole, '5')).parameters.at(-1), 0)
  t.ok(compiled(objectsByTerms(pullRequests, whole, '5')).parameters.includes(0))
})
