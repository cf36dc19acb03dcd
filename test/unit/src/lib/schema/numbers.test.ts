import t from 'tap'
import { int64, isFloatInteger, isInt64 } from '#src/lib/schema/numbers.ts'

t.test('an int64 is what JSON carries in digits and 64 bits hold', async t => {
  for (const value of [0, -0, 1, -1, 2 ** 53, 2 ** 62, -(2 ** 62), 9223372036854774784])
    t.ok(isInt64(value), String(value))
  for (const value of [0.5, 2 ** 63, -(2 ** 64), 1e20, 1e21, NaN, Infinity, '1', null, true])
    t.notOk(isInt64(value), String(value))
})

t.test('its value is that of the digits', async t => {
  t.equal(int64(9223372036854774784), 9223372036854775000n)
  t.equal(int64(-0), 0n)
})

t.test('a float stands for an integer while no other could be meant', async t => {
  t.ok(isFloatInteger(2 ** 53 - 1))
  t.notOk(isFloatInteger(1e20))
  t.notOk(isFloatInteger(0.5))
})
