import fc from 'fast-check'
import t from 'tap'
import { matchesRef, refAllowed } from '#src/permissions/ref-pattern.ts'

t.test('a star stands for any characters, / too', async t => {
  t.equal(matchesRef('refs/heads/*', 'refs/heads/a/b'), true)
  t.equal(matchesRef('refs/heads/*', 'refs/heads/'), true)
  t.equal(matchesRef('refs/*/release/*', 'refs/heads/x/release/1'), true)
  t.equal(matchesRef('refs/heads/main', 'refs/heads/main'), true)
})

t.test('everything else stands for itself, from the first character to the last', async t => {
  t.equal(matchesRef('refs/heads/main', 'refs/heads/mainly'), false)
  t.equal(matchesRef('refs/heads/ma.n', 'refs/heads/main'), false)
  t.equal(matchesRef('refs/heads/*', 'xrefs/heads/a'), false)
  t.equal(matchesRef('refs/heads/*-x', 'refs/heads/a-y'), false)
  t.equal(matchesRef('refs/a*b*c', 'refs/axc'), false)
  t.equal(matchesRef('refs/ab*bc', 'refs/abc'), false)
  t.equal(matchesRef('refs/*ab*b', 'refs/ab'), false)
})

t.test('one include has to match, and no exclude', async t => {
  const patterns = { include: ['refs/heads/*', 'refs/tags/v1'], exclude: ['refs/heads/release/*'] }
  t.equal(refAllowed('refs/heads/main', patterns), true)
  t.equal(refAllowed('refs/tags/v1', patterns), true)
  t.equal(refAllowed('refs/tags/v2', patterns), false)
  t.equal(refAllowed('refs/heads/release/1', patterns), false)
  t.equal(refAllowed('refs/heads/main', {}), true)
  t.equal(refAllowed('refs/heads/main', { exclude: ['refs/*'] }), false)
  t.equal(refAllowed('refs/heads/main', { include: ['refs/*'], exclude: ['refs/*'] }), false)
})

t.test('agrees with a regular expression on short texts', async () => {
  const text = (...alphabet: string[]) =>
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 })
  fc.assert(
    fc.property(text('a', 'b', '*'), text('a', 'b'), (pattern, ref) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
      return matchesRef(pattern, ref) === expression.test(ref)
    }),
    { numRuns: 20_000, seed: 20261121 },
  )
})
