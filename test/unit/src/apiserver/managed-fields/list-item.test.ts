import t from 'tap'
import { elementOf, listItem } from '#src/apiserver/managed-fields/list-item.ts'
import type { ListType } from '#src/apiserver/managed-fields/type.ts'

const text = { scalar: 'string' } as const
const keyed: ListType = {
  atomic: false,
  keys: ['port', 'protocol'],
  element: {
    map: {
      atomic: false,
      element: undefined,
      fields: new Map([['protocol', { type: text, default: 'TCP' }]]),
    },
  },
}
const required: ListType = { atomic: false, keys: ['a', 'b'], element: text }
const set: ListType = { atomic: false, keys: [], element: text }

t.test('tells items by their keys, with defaults', async t => {
  t.equal(elementOf(keyed, { port: 80 }).id, 'k:{"port":80,"protocol":"TCP"}')
  t.equal(elementOf(keyed, { port: null, protocol: 'UDP' }).id, 'k:{"port":null,"protocol":"UDP"}')
  t.equal(elementOf(required, { b: 1 }).id, 'k:{"b":1}')
})

t.test('tells scalars by their values', async t => {
  t.equal(elementOf(set, 'a').id, 'v:"a"')
})

t.test('says why it cannot', async t => {
  t.equal(listItem(keyed, null), 'associative list with keys may not have a null element')
  t.equal(listItem(keyed, 1), 'associative list with keys may not have non-map elements')
  t.equal(
    listItem(required, {}),
    `associative list with keys has an element that omits all key fields ["a" "b"] (and doesn't have default values for any key fields)`,
  )
  t.equal(listItem(set, {}), "associative list without keys has an element that's a map type")
  t.equal(listItem(set, []), 'not supported: associative list with lists as elements')
  t.equal(
    listItem(set, null),
    "associative list without keys has an element that's an explicit null",
  )
})
