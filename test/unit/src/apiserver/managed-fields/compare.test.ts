import t from 'tap'
import { compare, isEmptyPair, withoutFields } from '#src/apiserver/managed-fields/compare.ts'
import { decodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { pathText } from '#src/apiserver/managed-fields/path-element.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const atom = typeOfSchema({
  type: 'object',
  properties: {
    a: { type: 'string' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    whole: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    list: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'string' } } },
    },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
  },
})
/** What is different, as added, removed and modified paths. */
const changes = (left: unknown, right: unknown): string[] => {
  const { added, removed, modified } = compare(left, right, atom)
  return Object.entries({ '+': added, '-': removed, '~': modified }).flatMap(([sign, set]) =>
    set.paths().map(path => sign + pathText(path)),
  )
}

t.test('says nothing of what is the same', async t => {
  const object = { a: 'x', map: { b: 'c' }, set: ['x'], list: [{ k: 'a' }], any: [{}] }
  t.strictSame(changes(object, structuredClone(object)), [])
})

const cases: [string, object, object, string[]][] = [
  ['scalars', { a: 'x' }, { a: 'y' }, ['~.a']],
  [
    'granular maps',
    { map: { x: '1', y: '1' } },
    { map: { y: '2', z: '1' } },
    ['+.map.z', '-.map.x', '~.map.y'],
  ],
  ['new maps', {}, { map: { x: '1' } }, ['+.map', '+.map.x']],
  ['maps that go', { map: { x: '1' } }, {}, ['-.map', '-.map.x']],
  ['empty maps', { map: {} }, { map: null }, ['~.map']],
  ['maps that empty', { map: { x: '1' } }, { map: {} }, ['-.map.x']],
  ['atomic maps', { whole: { x: 1 } }, { whole: { x: 2 } }, ['~.whole']],
  ['sets', { set: ['x', 'y'] }, { set: ['z', 'y'] }, ['+.set[="z"]', '-.set[="x"]']],
  ['the order of sets', { set: ['x', 'y'] }, { set: ['y', 'x'] }, []],
  ['empty lists', { set: [] }, {}, ['-.set']],
  [
    'lists of maps',
    { list: [{ k: 'a', v: '1' }] },
    { list: [{ k: 'a', v: '2' }] },
    ['~.list[k="a"].v'],
  ],
  ['items that come', { list: [] }, { list: [{ k: 'a' }] }, ['+.list[k="a"]', '+.list[k="a"].k']],
  ['other kinds of value', { any: { x: 1 } }, { any: 1 }, ['-.any.x', '~.any']],
  ['doubles that stay', { set: ['x', 'x'] }, { set: ['x', 'x'] }, []],
  ['doubles that are more', { set: ['x', 'x'] }, { set: ['x', 'x', 'x'] }, ['~.set[="x"]']],
  ['doubles that go', { set: ['x', 'x', 'y'] }, { set: ['y'] }, ['-.set[="x"]']],
  [
    'doubles that become one',
    { list: [{ k: 'a' }, { k: 'a' }] },
    { list: [{ k: 'a' }] },
    ['+.list[k="a"]', '+.list[k="a"].k', '-.list[k="a"]'],
  ],
  [
    'one that becomes doubles',
    { list: [{ k: 'a' }] },
    { list: [{ k: 'a' }, { k: 'a' }] },
    ['+.list[k="a"]', '-.list[k="a"]', '-.list[k="a"].k'],
  ],
  ['doubles that come', { set: ['y'] }, { set: ['x', 'x', 'y'] }, ['+.set[="x"]']],
]
for (const [what, left, right, wanted] of cases)
  t.test(`compares ${what}`, async t => {
    t.strictSame(changes(left, right), wanted)
  })

t.test('leaves out what is ignored', async t => {
  const ignored = decodeFields({ 'f:map': {} })
  const { added, removed, modified } = withoutFields(
    compare({ map: { x: '1' }, a: '1' }, { map: { y: '1' }, a: '2' }, atom),
    ignored,
  )
  t.strictSame(
    [added, removed, modified].map(set => set.paths().map(pathText)),
    [[], [], ['.a']],
  )
})

t.test('takes two empty lists or maps for one thing', async t => {
  t.equal(isEmptyPair({ left: [], right: null }, 'list'), true)
  t.equal(isEmptyPair({ left: [], right: [1] }, 'list'), false)
  t.equal(isEmptyPair({ left: undefined, right: {} }, 'map'), true)
  t.equal(isEmptyPair({ left: { a: 1 }, right: {} }, 'map'), false)
})
