import t from 'tap'
import { plain, syntax, typeName } from '#src/apiserver/managed-fields/go-syntax.ts'

const value = { b: ['x', 1.5, null, true], a: { c: 1_234_567 } }

t.test('prints values as Go prints them', async t => {
  t.equal(plain(value), 'map[a:map[c:1234567] b:[x 1.5 <nil> true]]')
  t.equal(
    syntax(value),
    'map[string]interface {}{"a":map[string]interface {}{"c":1234567}, "b":[]interface {}{"x", 1.5, interface {}(nil), true}}',
  )
  t.strictSame([{}, [], true, 'a'].map(typeName), [
    'map[string]interface {}',
    '[]interface {}',
    'bool',
    'string',
  ])
})
