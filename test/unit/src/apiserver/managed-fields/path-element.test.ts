import fc from 'fast-check'
import t from 'tap'
import {
  compareElements,
  fieldElement,
  indexElement,
  keyElement,
  parseElement,
  pathText,
  Unreadable,
  valueElement,
} from '#src/apiserver/managed-fields/path-element.ts'

t.test('has one id and one text for each kind of step', async t => {
  const steps = [
    fieldElement('a.b'),
    keyElement([
      ['port', 80],
      ['name', '<a>'],
    ]),
    valueElement([1, { b: 'x', a: 1.25e-7 }]),
    indexElement(3),
  ]
  t.strictSame(
    steps.map(({ id }) => id),
    [
      'f:a.b',
      String.raw`k:{"name":"\u003ca\u003e","port":80}`,
      'v:[1,{"a":1.25e-07,"b":"x"}]',
      'i:3',
    ],
  )
  t.equal(pathText(steps.slice(0, 2)), '.a.b[name="<a>",port=80]')
  t.equal(pathText([valueElement('x'), indexElement(3)]), '[="x"][3]')
})

t.test('writes characters as the library of Go does', async t => {
  t.equal(valueElement('\b\f\n\\b').id, String.raw`v:"\u0008\u000c\n\\b"`)
})

t.test('orders fields before keys, values and indices', async t => {
  const steps = [
    fieldElement('a'),
    fieldElement('b'),
    keyElement([]),
    keyElement([['a', 1]]),
    keyElement([
      ['a', 1],
      ['b', 1],
    ]),
    keyElement([['a', 2]]),
    keyElement([['b', 1]]),
    valueElement(1),
    valueElement('a'),
    indexElement(2),
    indexElement(10),
  ]
  for (const [index, a] of steps.entries())
    for (const [other, b] of steps.entries())
      t.equal(Math.sign(compareElements(a, b)), Math.sign(index - other))
})

t.test('reads what it wrote', async () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const step = fc.oneof(
    fc.string().map(fieldElement),
    scalar.map(value => valueElement(value)),
    fc.nat(1000).map(indexElement),
    fc
      .dictionary(fc.string({ minLength: 1 }), scalar)
      .map(keys => keyElement(Object.entries(keys))),
  )
  fc.assert(fc.property(step, each => parseElement(each.id)?.id === each.id))
})

t.test('reads numbers as floats', async t => {
  t.equal(parseElement('k:{"port": 1234567}')?.text, '[port=1.234567e+06]')
  t.equal(parseElement('k:{"port": 1234567}')?.id, 'k:{"port":1234567}')
})

t.test('passes over kinds that it does not know, and refuses what it cannot read', async t => {
  t.equal(parseElement('x:1'), undefined)
  const refused = {
    f: 'key must be 2 characters long:',
    ab: 'missing colon: ab',
    'v:{': 'not JSON: {',
    'k:[]': 'not a map of keys: k:[]',
    'i:x': 'not an index: i:x',
  }
  for (const [id, message] of Object.entries(refused))
    t.throws(() => parseElement(id), new Unreadable(message))
})
