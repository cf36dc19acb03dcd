import t from 'tap'
import {
  DEDUCED,
  fieldIn,
  fieldsOf,
  fieldType,
  isScalar,
  itemsOf,
  shapeOf,
  UNTYPED,
  type Atom,
} from '#src/apiserver/managed-fields/type.ts'

const TEXT: Atom = { scalar: 'string' }

t.test('takes a value for what it is where it may be that', async t => {
  t.strictSame(
    [{}, [], 'a', 1, true, null, undefined].map(value => shapeOf(UNTYPED, value).is),
    ['map', 'list', 'scalar', 'scalar', 'scalar', 'map', 'map'],
  )
  t.equal(shapeOf(TEXT, {}).is, 'scalar')
  t.equal(shapeOf({ list: { atomic: true, keys: [], element: TEXT } }, 1).is, 'list')
})

t.test('without a schema maps are granular and lists atomic', async t => {
  const map = shapeOf(DEDUCED, {})
  const list = shapeOf(DEDUCED, [])
  t.match(map, { is: 'map', type: { atomic: false } })
  t.match(list, { is: 'list', type: { atomic: true } })
  t.equal(fieldType(DEDUCED.map!, 'a'), DEDUCED)
  t.equal(UNTYPED.list!.element, UNTYPED)
  t.equal(UNTYPED.map!.element, UNTYPED)
})

t.test('knows the type of a field', async t => {
  const fields = new Map([['a', { type: TEXT, default: undefined }]])
  t.equal(fieldType({ atomic: false, fields, element: undefined }, 'a'), TEXT)
  t.equal(fieldType({ atomic: false, fields, element: undefined }, 'b'), UNTYPED)
})

t.test('looks into values without minding what they are', async t => {
  t.strictSame(
    [itemsOf([1]), itemsOf(null), fieldsOf({ a: 1 }), fieldsOf([1])],
    [[1], [], { a: 1 }, {}],
  )
  t.equal(fieldIn({ a: null }, 'a'), null)
  t.equal(fieldIn({}, 'toString'), undefined)
  t.equal(isScalar(null), false)
})
