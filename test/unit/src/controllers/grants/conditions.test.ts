import t from 'tap'
import { fails, holds, listing, withReady } from '#src/controllers/grants/conditions.ts'

t.test('Ready says what is in the way first', async t => {
  const [fine, bad, worse] = [
    holds('A', 'Fine', 'All is well'),
    fails('B', 'Missing', 'It is missing'),
    fails('C', 'Wrong', 'It is wrong'),
  ]
  t.strictSame(withReady([fine], 'Go'), [fine, holds('Ready', 'Ready', 'Go')])
  t.strictSame(withReady([fine, bad, worse], 'Go'), [
    fine,
    bad,
    worse,
    fails('Ready', 'Missing', 'It is missing'),
  ])
})

t.test('lists end', async t => {
  t.equal(listing([]), '')
  t.equal(listing(['a', 'b']), 'a, b')
  t.equal(listing('abcdefghijk'.split('')), 'a, b, c, d, e, f, g, h and 3 more')
})
