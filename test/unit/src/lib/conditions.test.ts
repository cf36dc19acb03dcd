import t from 'tap'
import { listed, met, quoted, readyWhen, unmet } from '#src/lib/conditions.ts'

t.test('is ready when everything is met, and says what is not', async t => {
  const a = met('A', 'Fine', 'All is well')
  t.strictSame(readyWhen([a], 'Done', 'It is done'), [a, met('Ready', 'Done', 'It is done')])
  const b = unmet('B', 'Lost', 'It is lost')
  const c = unmet('C', 'Late', 'It is late')
  t.strictSame(
    readyWhen([a, b, c], 'Done', 'It is done').at(-1),
    unmet('Ready', 'Lost', 'It is lost'),
  )
})

t.test('names ten and counts the rest, and none at length', async t => {
  t.equal(listed(['User "a"', 'a'.repeat(2000)]), `User "a", ${'a'.repeat(1000)}`)
  t.equal(quoted(['a', 'b']), '"a", "b"')
  t.match(quoted('abcdefghijkl'.split('')), /^"a", .*"j" and 2 more$/)
})

t.test('Ready says what is in the way first', async t => {
  const [fine, bad, worse] = [
    met('A', 'Fine', 'All is well'),
    unmet('B', 'Missing', 'It is missing'),
    unmet('C', 'Wrong', 'It is wrong'),
  ]
  t.strictSame(readyWhen([fine], 'Ready', 'Go'), [fine, met('Ready', 'Ready', 'Go')])
  t.strictSame(readyWhen([fine, bad, worse], 'Ready', 'Go'), [
    fine,
    bad,
    worse,
    unmet('Ready', 'Missing', 'It is missing'),
  ])
})
