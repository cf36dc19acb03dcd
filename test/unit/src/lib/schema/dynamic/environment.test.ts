import t from 'tap'
import { env } from '#src/lib/schema/dynamic/environment.ts'
import { come } from '#test/support/dynamic-cel.ts'

t.test('has what rules have, and the libraries', async t => {
  for (const name of ['matches', 'split', 'optional.of', 'check', 'find', 'quantity', 'isSorted'])
    t.ok(env.funcs.find(name), name)
  t.equal(come("int('0x1')"), "! type conversion error from 'string' to 'int'")
  t.equal(come("'a'.matches('^a$') && 1 in [1.0]"), true)
})
