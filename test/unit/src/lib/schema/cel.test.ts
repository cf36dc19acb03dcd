import t from 'tap'
import { celSelf } from '#src/lib/schema/cel-values.ts'
import { compileExpression } from '#src/lib/schema/cel.ts'
import { compileSchema } from '#src/lib/schema/compile.ts'

const node = compileSchema({
  type: 'object',
  properties: {
    n: { type: 'integer' },
    list: { type: 'array', items: { type: 'string' } },
    text: { type: 'string' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    port: { 'x-kubernetes-int-or-string': true },
  },
})
const self = celSelf({ n: 2, list: ['a'], map: {}, text: 'ä😀', port: 'x' }, node, false)
const outcome = (source: string) => compileExpression(source, node).evaluate({ self })

t.test('comes to a value', async t => {
  t.strictSame(outcome('self.n + 1 == 3 && size(self.text) == 2'), { value: true })
  t.strictSame(outcome('"a" + self.text'), { value: 'aä😀' })
})

t.test('or to an error, in the words of the API server', async t => {
  t.strictSame(outcome('self.map["x"] == "y"'), { error: 'no such key: x' })
  t.strictSame(outcome('self.list[5] == "y"'), { error: 'index out of bounds: 5' })
  t.strictSame(outcome('1 / (self.n - 2) == 1'), { error: 'division by zero' })
  t.strictSame(outcome('self.port > 1'), { error: 'no such overload' })
})

t.test('an error does not matter where the other side decides', async t => {
  t.strictSame(outcome('self.list[5] == "y" || self.n == 2'), { value: true })
  t.strictSame(outcome('self.list.exists(x, self.map[x] == "y") || true'), { value: true })
})

t.test('knows whether it is about a change', async t => {
  t.ok(compileExpression('self == oldSelf', node).usesOldSelf)
  t.notOk(compileExpression('self.n == 1', node).usesOldSelf)
})

t.test('does not compile what it cannot answer', async t => {
  t.throws(() => compileExpression('self.n ==', node))
  t.throws(() => compileExpression('self.nope == 1', node), /undefined field 'nope'/)
})
