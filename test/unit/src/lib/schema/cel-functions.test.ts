import t from 'tap'
import { env } from '#src/lib/schema/cel-env.ts'
import { checkFunction, TYPES } from '#src/lib/schema/cel-functions.ts'

t.test('lets through what is there', async t => {
  for (const [name, count, isMethod] of [
    ['_==_', 2, false],
    ['_&&_', 2, false],
    ['size', 1, false],
    ['size', 0, true],
  ] as const)
    t.doesNotThrow(() => checkFunction(env.funcs, name, count, isMethod), name)
})

t.test('names what is not', async t => {
  for (const [name, count, isMethod, message] of [
    ['nothing', 1, false, "there is no function or macro 'nothing' here"],
    ['size', 1, true, "'size' does not exist as a method of 1"],
    ['hasValue', 0, false, "'hasValue' does not exist as a function of 0"],
  ] as const)
    t.throws(() => checkFunction(env.funcs, name, count, isMethod), { message }, name)
  t.ok(TYPES.includes('null_type'))
})
