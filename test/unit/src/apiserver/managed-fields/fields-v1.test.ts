import fc from 'fast-check'
import t from 'tap'
import { FieldSet } from '#src/apiserver/managed-fields/field-set.ts'
import { decodeFields, encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import {
  fieldElement,
  indexElement,
  keyElement,
  pathText,
  Unreadable,
  valueElement,
} from '#src/apiserver/managed-fields/path-element.ts'

t.test('writes fields below fields, in the order of Go', async t => {
  const spec = fieldElement('spec')
  const set = FieldSet.of(
    [spec],
    [spec, valueElement('a')],
    [spec, fieldElement('z')],
    [spec, keyElement([['name', 'a']])],
    [spec, keyElement([['name', 'a']]), fieldElement('name')],
    [fieldElement('a'), fieldElement('b')],
  )
  const encoded = encodeFields(set)
  t.equal(
    JSON.stringify(encoded),
    '{"f:a":{"f:b":{}},"f:spec":{".":{},"f:z":{},"k:{\\"name\\":\\"a\\"}":{"f:name":{},".":{}},"v:\\"a\\"":{}}}'.replace(
      '{"f:name":{},".":{}}',
      '{".":{},"f:name":{}}',
    ),
  )
  t.strictSame(decodeFields(encoded).paths().map(pathText), set.paths().map(pathText))
})

t.test('reads every set that it writes', async () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.boolean(),
  )
  const step = fc.oneof(
    fc.string().map(fieldElement),
    scalar.map(value => valueElement(value)),
    fc.nat(9).map(indexElement),
    fc.dictionary(fc.constantFrom('a', 'b'), scalar).map(keys => keyElement(Object.entries(keys))),
  )
  const set = fc
    .array(fc.array(step, { minLength: 1, maxLength: 4 }))
    .map(paths => FieldSet.of(...paths))
  fc.assert(
    fc.property(set, each => {
      const encoded = JSON.stringify(encodeFields(each))
      return JSON.stringify(encodeFields(decodeFields(JSON.parse(encoded)))) === encoded
    }),
  )
})

t.test('reads what others write', async t => {
  const read = (fields: unknown) => encodeFields(decodeFields(fields))
  t.strictSame(read({ 'f:a': { 'x:later': {} }, 'x:later': { 'f:b': {} } }), { 'f:a': {} })
  t.strictSame(read({ 'f:a': null }), { 'f:a': {} })
  t.strictSame(
    read({
      'k:{"a": 1}': { 'f:x': {} },
      'k:{"a":1}': { '.': {}, 'f:y': {} },
      'v:1 ': {},
      'v:1': { 'f:z': {} },
    }),
    { 'k:{"a":1}': { '.': {}, 'f:x': {}, 'f:y': {} }, 'v:1': { '.': {}, 'f:z': {} } },
  )
  t.throws(() => read({ 'f:a': 1 }), new Unreadable('not a map of fields: 1'))
  t.throws(() => read([]), new Unreadable('not a map of fields: []'))
})
