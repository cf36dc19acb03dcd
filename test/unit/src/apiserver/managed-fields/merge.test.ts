import fc from 'fast-check'
import t from 'tap'
import { merge } from '#src/apiserver/managed-fields/merge.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const atom = typeOfSchema({
  type: 'object',
  properties: {
    a: { type: 'string' },
    b: { type: 'string' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    list: { type: 'array', items: { type: 'string' } },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: {
        type: 'object',
        properties: { k: { type: 'string' }, v: { type: 'string' }, w: { type: 'string' } },
      },
    },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
  },
})

const cases: [string, object, object, object][] = [
  ['scalars', { a: '1', b: '1' }, { a: '2' }, { a: '2', b: '1' }],
  [
    'maps',
    { map: { x: '1', y: '1' } },
    { map: { y: '2', z: '2' } },
    { map: { x: '1', y: '2', z: '2' } },
  ],
  ['nothing into a map', { map: { x: '1' } }, { map: {} }, { map: { x: '1' } }],
  ['null into a map', { map: { x: '1' } }, { map: null }, { map: { x: '1' } }],
  ['null into an empty map', { map: {} }, { map: null }, { map: null }],
  ['atomic lists', { list: ['x'] }, { list: ['y'] }, { list: ['y'] }],
  ['values of other kinds', { any: { x: 1 } }, { any: 'x' }, { any: 'x' }],
  ['maps over scalars', { any: 'x' }, { any: { x: 1 } }, { any: { x: 1 } }],
  [
    'items by key',
    {
      items: [
        { k: 'a', v: '1' },
        { k: 'b', v: '1' },
      ],
    },
    { items: [{ k: 'b', w: '2' }, { k: 'c' }] },
    { items: [{ k: 'a', v: '1' }, { k: 'b', v: '1', w: '2' }, { k: 'c' }] },
  ],
  [
    'over items that occur twice',
    {
      items: [
        { k: 'a', v: '1' },
        { k: 'a', v: '2' },
      ],
    },
    { items: [{ k: 'a', w: '1' }] },
    { items: [{ k: 'a', w: '1' }] },
  ],
]
for (const [what, live, applied, wanted] of cases)
  t.test(`merges ${what}`, async t => {
    t.strictSame(merge(live, applied, atom), wanted)
  })

// As structured-merge-diff has it: what is applied keeps its order, the others their place.
const orders: [string, string, string][] = [
  ['abc', 'ca', 'bca'],
  ['abcd', 'db', 'acdb'],
  ['abc', 'xby', 'axbcy'],
  ['abc', '', 'abc'],
  ['', 'ab', 'ab'],
  ['ab', 'cd', 'abcd'],
  ['abcde', 'ecxa', 'bdecxa'],
]
const setOf = (letters: string) => ({ set: letters.split('') })
for (const [live, applied, wanted] of orders)
  t.test(`the items ${applied} into ${live} are ${wanted}`, async t => {
    t.strictSame(merge(setOf(live), setOf(applied), atom), setOf(wanted))
  })

t.test('keeps every item once, and those applied in order', async () => {
  const items: fc.Arbitrary<string[]> = fc.uniqueArray(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  )
  fc.assert(
    fc.property(items, items, (live, applied) => {
      const { set } = merge({ set: live }, { set: applied }, atom) as { set: string[] }
      return (
        set.toSorted().join('') === [...new Set([...live, ...applied])].toSorted().join('') &&
        set.filter(item => applied.includes(item)).join('') === applied.join('')
      )
    }),
  )
})
