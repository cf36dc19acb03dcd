import t from 'tap'
import { placeholders } from '#src/policy/cel/placeholders.ts'

t.test('finds expressions in a document', async t => {
  t.strictSame(placeholders("a: (( b ))-((f((c)))) d: \\((no)) ((\")) (\" + '\\'))'))"), [
    ' b ',
    'f((c))',
    "\")) (\" + '\\'))'",
  ])
  t.strictSame(placeholders('nothing'), [])
  t.strictSame(placeholders('a ((b )'), ['b )'])
  t.strictSame(placeholders('a ((b'), ['b'])
})
