import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { byKey, Correlation, counterpartIn } from '#src/lib/schema/correlation.ts'

const item = { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } }
const node = compileSchema({
  type: 'object',
  properties: {
    text: { type: 'string' },
    list: { type: 'array', items: { type: 'string' } },
    map: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: item,
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    all: { type: 'object', additionalProperties: true },
  },
})
const correlate = (value: unknown, old: unknown): Correlation => new Correlation(value, old, node)

t.test('follows fields that are on both sides and in the schema', async t => {
  const both = correlate(
    { text: 'a', labels: { x: 'y' }, extra: 1, all: { a: 1 } },
    { text: 'b', labels: { x: 'y' }, extra: 1, all: { a: 1 } },
  )
  t.equal(both.field('text')?.old, 'b')
  t.equal(both.field('text'), both.field('text'), 'once')
  t.equal(both.field('labels')?.field('x')?.value, 'y')
  for (const name of ['extra', 'list']) t.equal(both.field(name), undefined, name)
  t.equal(both.field('all')?.field('a'), undefined)
  t.equal(correlate('x', {}).field('a'), undefined)
  t.equal(correlate({ text: 'a' }, { labels: {} }).field('text'), undefined)
})

t.test('follows items by their keys alone', async t => {
  const both = correlate(
    { map: [{ name: 'b', size: 1 }, { name: 'c' }, 'x', {}], list: ['a'] },
    { map: [{ name: 'a' }, 'y', { name: 'b', size: 2 }, { name: 'b', size: 3 }], list: ['a'] },
  )
  t.strictSame(both.field('map')?.item(0)?.old, { name: 'b', size: 2 })
  for (const index of [1, 2, 3, 4]) t.equal(both.field('map')?.item(index), undefined)
  t.equal(both.field('list')?.item(0), undefined)
  t.equal(both.item(0), undefined)
  const noItems = new Correlation([1], [1], { ...node.properties!.get('map')!, items: undefined })
  t.equal(noItems.item(0), undefined)
})

t.test('knows whether anything changed', async t => {
  const same: [unknown, unknown][] = [
    [{}, {}],
    [{ text: 'a' }, { text: 'a' }],
    [{ list: ['a', 'b'] }, { list: ['a', 'b'] }],
    [{ map: [{ name: 'a' }, { name: 'b' }] }, { map: [{ name: 'b' }, { name: 'a' }] }],
    [null, null],
  ]
  for (const [value, old] of same) t.ok(correlate(value, old).unchanged, JSON.stringify(value))
  const changed: [unknown, unknown][] = [
    [{ text: 'a' }, { text: 'b' }],
    [{ text: 'a' }, {}],
    [{ extra: 1 }, { extra: 1 }],
    [{ list: ['a'] }, { list: ['b'] }],
    [{ list: [] }, { list: {} }],
    [{ map: [{ name: 'a' }] }, { map: [{ name: 'b' }] }],
    [{ map: [] }, { map: [{ name: 'b' }] }],
    [null, {}],
  ]
  for (const [value, old] of changed)
    t.notOk(correlate(value, old).unchanged, JSON.stringify(value))
  const both = correlate({ text: 'a' }, { text: 'a' })
  t.ok(both.unchanged && both.unchanged)
})

t.test('keys items by every key, of scalars alone', async t => {
  const items = byKey([{ a: 1, b: 'x' }, { a: 1 }, { a: {}, b: 'x' }, 7], ['a', 'b'])
  t.equal(items.size, 1)
  t.strictSame(counterpartIn(items, { a: 1, b: 'x', c: 1 }, ['a', 'b']), { a: 1, b: 'x' })
  t.equal(counterpartIn(items, { a: '1', b: 'x' }, ['a', 'b']), undefined)
  t.equal(counterpartIn(items, null, ['a']), undefined)
})
