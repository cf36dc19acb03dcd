import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { prune } from '#src/lib/schema/prune.ts'

const keep = { 'x-kubernetes-preserve-unknown-fields': true }
const known = { type: 'object', properties: { a: { type: 'string' } } }

function pruned(schema: object, value: unknown): [unknown, readonly string[]] {
  const object = { value: structuredClone(value) }
  const gone = prune(object, compileSchema({ type: 'object', properties: { value: schema } }))
  return [object.value, gone]
}

t.test('takes away what the schema does not know, and says what', async t => {
  t.strictSame(pruned(known, { a: 1, c: 1, b: { a: 1 } }), [{ a: 1 }, ['value.b', 'value.c']])
  t.strictSame(pruned({ type: 'array', items: known }, [{ b: 1 }, 1]), [[{}, 1], ['value[0].b']])
  t.strictSame(pruned({ type: 'object', additionalProperties: known }, { x: { b: 1 } }), [
    { x: {} },
    ['value.x.b'],
  ])
  t.strictSame(pruned({ type: 'string' }, [{ b: 1 }]), [[{}], ['value[0].b']])
})

t.test('of what may be anything, only what is directly there is kept', async t => {
  t.strictSame(pruned({ type: 'object', additionalProperties: true }, { a: 1, b: { c: 1 } }), [
    { a: 1, b: {} },
    ['value.b.c'],
  ])
})

t.test('keeps what is to be kept, but not below what is known', async t => {
  t.strictSame(pruned({ ...known, ...keep }, { b: { c: 1 } }), [{ b: { c: 1 } }, []])
  const nested = { type: 'object', ...keep, properties: { known } }
  t.strictSame(pruned(nested, { known: { b: 1 } }), [{ known: {} }, ['value.known.b']])
  t.strictSame(pruned(keep, [{ a: 1 }]), [[{ a: 1 }], []])
  const list = { type: 'array', ...keep, items: { type: 'object', properties: { known } } }
  t.strictSame(pruned(list, [{ b: 1, known: { b: 1 } }]), [
    [{ b: 1, known: {} }],
    ['value[0].known.b'],
  ])
})

t.test('leaves every object its type and metadata', async t => {
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, more: 1 }
  t.strictSame(prune(object, compileSchema({ type: 'object' })), ['more'])
  t.strictSame(object, { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } })
  const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true }
  t.strictSame(pruned(embedded, { kind: 'X', b: 1 }), [{ kind: 'X' }, ['value.b']])
  t.strictSame(pruned(known, { kind: 'X' }), [{}, ['value.kind']])
})
