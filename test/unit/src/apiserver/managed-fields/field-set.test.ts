import fc from 'fast-check'
import t from 'tap'
import { FieldSet } from '#src/apiserver/managed-fields/field-set.ts'
import { decodeFields, encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import {
  fieldElement,
  keyElement,
  pathText,
  valueElement,
  type Path,
} from '#src/apiserver/managed-fields/path-element.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const path = (text: string): Path => text.split('.').map(fieldElement)
const setOf = (...texts: readonly string[]): FieldSet => FieldSet.of(...texts.map(path))
const texts = (set: FieldSet): string[] => set.paths().map(each => pathText(each).slice(1))

const paths = fc.array(
  fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    .map(names => names.join('.')),
)

t.test('holds fields with and without those below them', async t => {
  const set = setOf('a.b', 'c', 'a')
  t.strictSame(texts(set), ['a', 'c', 'a.b'])
  t.equal(set.hasPath(path('a.b')), true)
  t.equal(set.hasPath(path('c.b')), false)
  t.equal(set.hasPath([]), false)
  t.equal(set.has(fieldElement('b')), false)
  t.equal(setOf('a.b').has(fieldElement('a')), false)
  t.equal(FieldSet.of([]).isEmpty, true)
})

t.test('unites, intersects and subtracts field by field', async () => {
  fc.assert(
    fc.property(paths, paths, (a, b) => {
      const [left, right] = [setOf(...a), setOf(...b)]
      const same = (set: FieldSet, wanted: readonly string[]): boolean =>
        JSON.stringify(texts(set).toSorted()) === JSON.stringify([...new Set(wanted)].toSorted())
      return (
        same(left.union(right), [...a, ...b]) &&
        same(
          left.intersection(right),
          a.filter(each => b.includes(each)),
        ) &&
        same(
          left.difference(right),
          a.filter(each => !b.includes(each)),
        ) &&
        same(
          left.deepDifference(right),
          a.filter(each => !b.some(other => each === other || each.startsWith(`${other}.`))),
        )
      )
    }),
  )
})

t.test('adds the named fields above its fields', async t => {
  const atom = typeOfSchema({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          map: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              properties: { x: { type: 'object', properties: { y: { type: 'string' } } } },
            },
          },
          list: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
            items: {
              type: 'object',
              properties: {
                name: { type: 'string' },
                deep: { type: 'object', properties: { x: { type: 'string' } } },
              },
            },
          },
          set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        },
      },
    },
  })
  const item = keyElement([['name', 'a']])
  const set = FieldSet.of(
    [...path('spec.list'), item, ...path('deep.x')],
    [...path('spec.set'), valueElement('a')],
    path('spec.map.key.x.y'),
    [...path('spec.set'), valueElement('b'), fieldElement('not')],
  )
  t.strictSame(set.withNamedFields(atom).difference(set).paths().map(pathText), [
    '.spec',
    '.spec.list',
    '.spec.map',
    '.spec.set',
    '.spec.list[name="a"].deep',
    '.spec.map.key.x',
  ])
  t.strictSame(encodeFields(set.withNamedFields(undefined)), encodeFields(set))
  t.strictSame(decodeFields(encodeFields(set)).paths(), set.paths())
})
