import t from 'tap'
import { hasLabel, isField, isLabel, termsOf, uuids } from '#src/apiserver/storage/terms.ts'
import { pullRequests, resource } from '#test/support/stored.ts'

t.test('an object is found by its labels and fields', async t => {
  const terms = termsOf(pullRequests, { a: 'b' }, { '.spec.x': '' })
  t.strictSame(terms, [
    hasLabel(pullRequests, 'a'),
    isLabel(pullRequests, 'a', 'b'),
    isField(pullRequests, '.spec.x', ''),
  ])
  t.equal(uuids(terms), `{${terms.join(',')}}`)
  for (const term of terms) t.match(term, /^[0-9a-f]{32}$/)
})

t.test('what is not the same has another term', async t => {
  const terms = [
    hasLabel(pullRequests, 'a'),
    isLabel(pullRequests, 'a', ''),
    isLabel(pullRequests, 'a', 'b'),
    isLabel(pullRequests, 'b', 'a'),
    isLabel(pullRequests, 'a', '\0'),
    isLabel(pullRequests, 'a', '\ud800'),
    isLabel(pullRequests, 'a', '\ud801'),
    isLabel(resource('issues'), 'a', 'b'),
    isField(pullRequests, 'a', 'b'),
    isField(pullRequests, 'a","b', ''),
  ]
  t.equal(new Set(terms).size, terms.length)
})
