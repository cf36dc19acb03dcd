import { isCelError, parse, plan } from '@bufbuild/cel'
import t from 'tap'
import { env } from '#src/lib/schema/cel-env.ts'
import { celOptional, celSelf, withObjectMeta } from '#src/lib/schema/cel-values.ts'
import { compileSchema } from '#src/lib/schema/compile.ts'

/** What an expression says of a value of this schema. */
function of(schema: object, value: unknown, source: string, old: unknown = null): unknown {
  const node = compileSchema({ type: 'object', properties: { v: schema } })
  const self = celSelf({ v: value }, node, false)
  const oldSelf = celSelf({ v: old }, node, false)
  const result = plan(env, parse(source))({ self, oldSelf })
  return isCelError(result) ? `error: ${result.message}` : result
}
const fails = /^error: /

t.test('values have the types of their schemas', async t => {
  const rows: [object, unknown, string][] = [
    [{ type: 'integer' }, 3, 'self.v + 1 == 4 && type(self.v) == int'],
    [{ type: 'number' }, 3, 'self.v > 2.5 && type(self.v) == double'],
    [{ type: 'boolean' }, true, 'self.v'],
    [{ type: 'string' }, 'x', 'self.v == "x"'],
    [{ type: 'string', nullable: true }, null, 'self.v == null'],
    [{ 'x-kubernetes-int-or-string': true }, 1, 'self.v == 1'],
    [{ 'x-kubernetes-int-or-string': true }, 'x', 'self.v == "x"'],
    [
      { type: 'string', format: 'date-time' },
      '2026-01-31T12:00:00.5+01:00',
      'self.v < timestamp("2026-01-31T11:00:01Z")',
    ],
    [
      { type: 'string', format: 'date' },
      '2026-01-31',
      'self.v == timestamp("2026-01-31T00:00:00Z")',
    ],
    [{ type: 'string', format: 'duration' }, '2 hours', 'self.v == duration("2h")'],
    [{ type: 'string', format: 'byte' }, 'YQ==', 'self.v == b"a"'],
    [{ type: 'string', format: 'uuid' }, 'x', 'self.v == "x"'],
    [{ type: 'array', items: { type: 'integer' } }, [1, 2], 'self.v[1] == 2'],
    [
      { type: 'object', additionalProperties: { type: 'integer' } },
      { 'a-b': 1 },
      'self.v["a-b"] == 1',
    ],
    [
      { type: 'object', properties: { 'a-b': { type: 'integer' }, ä: { type: 'string' } } },
      { 'a-b': 1, ä: '' },
      'self.v.a__dash__b == 1',
    ],
  ]
  for (const [schema, value, source] of rows) t.equal(of(schema, value, source), true, source)
})

t.test('what has another type cannot be read, but is there', async t => {
  const rows: [object, unknown, string][] = [
    [{ type: 'string' }, null, 'self.v == "x"'],
    [{ type: 'string' }, 1, 'self.v == "x"'],
    [
      { type: 'string', format: 'date-time' },
      'soon',
      'self.v == timestamp("2026-01-31T00:00:00Z")',
    ],
    [{ type: 'string', format: 'date-time' }, '2026-01-31t12:00:00z', 'self.v == self.v'],
    [{ type: 'string', format: 'date' }, 'soon', 'self.v == self.v'],
    [{ type: 'string', format: 'duration' }, 'soon', 'self.v == self.v'],
    [{ type: 'string', format: 'date' }, ['x'], 'self.v == self.v'],
    [{ type: 'integer' }, 1.5, 'self.v == 1'],
    [{ type: 'number' }, 'x', 'self.v == 1.0'],
    [{ type: 'boolean' }, 1, 'self.v == true'],
    [{ type: 'array', items: { type: 'string' } }, {}, 'self.v == []'],
    [{ type: 'object' }, [], 'self.v == {}'],
    [{ 'x-kubernetes-int-or-string': true }, true, 'self.v == 1'],
  ]
  for (const [schema, value, source] of rows) {
    t.match(of(schema, value, source), fails, `${source} ${JSON.stringify(value)}`)
    t.equal(of(schema, value, 'has(self.v)'), true)
  }
})

t.test('lists are equal as their type has it', async t => {
  const list = { type: 'array', items: { type: 'string' } }
  const same = 'self.v == oldSelf.v'
  t.equal(of(list, ['a', 'b'], same, ['b', 'a']), false)
  t.equal(of({ ...list, 'x-kubernetes-list-type': 'set' }, ['a', 'b'], same, ['b', 'a']), true)
  const map = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a-b', 'ä'],
    items: {
      type: 'object',
      properties: { 'a-b': { type: 'string' }, ä: { type: 'integer' }, v: { type: 'integer' } },
    },
  }
  const [one, two] = [{ 'a-b': 'x', ä: 1, v: 1 }, { 'a-b': 'y' }]
  t.equal(of(map, [one, two], same, [two, one]), true)
  t.equal(of(map, [one, two], same, [two, { ...one, v: 2 }]), false)
  t.match(of(map, [one, null], same, [null, one]), fails)
  t.match(of(map, [{ 'a-b': null }], same, [{ 'a-b': null }]), fails)
  const nullable = { ...map, items: { ...map.items, nullable: true } }
  t.equal(of(nullable, [one, null], same, [null, one]), true)
})

t.test('what has no schema is good for comparison', async t => {
  const any = { 'x-kubernetes-preserve-unknown-fields': true }
  const value = { a: [1, 1.5, null, true, 'x'] }
  t.equal(of(any, value, 'self.v == oldSelf.v', value), true)
  t.equal(of(any, value, 'self.v == oldSelf.v', { a: [1] }), false)
  const kept = { type: 'object', ...any, properties: { known: { type: 'string' } } }
  t.equal(of(kept, { known: 'a', x: 1 }, 'self.v == oldSelf.v', { known: 'a', x: 2 }), false)
})

t.test('an object knows its type and names', async t => {
  const node = compileSchema({ type: 'object', properties: { spec: { type: 'object' } } })
  t.strictSame(
    [...withObjectMeta(node).properties!.keys()],
    ['spec', 'apiVersion', 'kind', 'metadata'],
  )
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'a', labels: {} } }
  const self = celSelf(object, node, true)
  t.equal(plan(env, parse('self.metadata.name == "a" && self.kind == "X"'))({ self }), true)
})

t.test('an old value may be optional', async t => {
  const asked = plan(env, parse('oldSelf.hasValue()'))
  t.equal(asked({ oldSelf: celOptional('x') }), true)
  t.equal(asked({ oldSelf: celOptional(undefined) }), false)
})
