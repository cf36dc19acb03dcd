import t from 'tap'
import { Opaque, opaquesEqual } from '#src/lib/schema/dynamic/opaque.ts'

const numbers = new Opaque<{ n: number }>((a, b) => a.n === b.n)
const secrets = new Opaque<{ s: string }>()

t.test('gives back what was put in, to its own family alone', async t => {
  const value = { n: 1 }
  t.equal(numbers.unwrap(numbers.wrap(value)), value)
  t.throws(() => secrets.unwrap(numbers.wrap(value)), /no such overload/)
  t.throws(() => secrets.unwrap('x'), /no such overload/)
  t.throws(() => secrets.unwrap(null), /no such overload/)
})

t.test('compares within a family', async t => {
  t.equal(opaquesEqual(numbers.wrap({ n: 1 }), numbers.wrap({ n: 1 })), true)
  t.equal(opaquesEqual(numbers.wrap({ n: 1 }), numbers.wrap({ n: 2 })), false)
  t.equal(opaquesEqual(numbers.wrap({ n: 1 }), 'x'), false)
  t.equal(opaquesEqual('x', 'x'), undefined)
  t.throws(() => opaquesEqual(numbers.wrap({ n: 1 }), secrets.wrap({ s: '' })))
  t.throws(() => opaquesEqual(secrets.wrap({ s: '' }), secrets.wrap({ s: '' })))
})
