import t from 'tap'
import { listing } from '#src/controllers/grants/listing.ts'

t.test('lists end', async t => {
  t.equal(listing([]), '')
  t.equal(listing(['a', 'b']), 'a, b')
  t.equal(listing('abcdefghijk'.split('')), 'a, b, c, d, e, f, g, h and 3 more')
})
