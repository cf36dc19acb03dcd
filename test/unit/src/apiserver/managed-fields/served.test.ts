import t from 'tap'
import { compare, withoutFields } from '#src/apiserver/managed-fields/compare.ts'
import { decodeEntries, encodeEntries } from '#src/apiserver/managed-fields/entries.ts'
import { decodeFields, encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import {
  ownerOf,
  scopeOf,
  stripped,
  withoutSystemFields,
  type Served,
} from '#src/apiserver/managed-fields/served.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const served: Served = {
  atom: typeOfSchema({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
  apiVersion: 'g/v1',
  kind: 'K',
}
const writer = (subresource = '', manager = 'a') => ({ manager, subresource, time: '' })

t.test('a write reaches its own part', async t => {
  const object = {
    spec: { a: 1 },
    status: { a: 1 },
    metadata: { labels: { a: '1' } },
    extra: { a: 1 },
  }
  const reached = (subresource: string) => {
    const { ignored } = scopeOf(served, writer(subresource))
    const { added } = withoutFields(compare({}, object, served.atom), ignored)
    return Object.keys(encodeFields(added))
  }
  t.strictSame(reached(''), ['f:extra', 'f:metadata', 'f:spec'])
  t.strictSame(reached('status'), ['f:extra', 'f:status'])
  t.strictSame(reached('other'), ['f:extra', 'f:metadata', 'f:spec', 'f:status'])
})

t.test('what is applied belongs to its manager whatever the version', async t => {
  t.strictSame(ownerOf('Apply', writer('status'), served), {
    manager: 'a',
    operation: 'Apply',
    apiVersion: '',
    subresource: 'status',
  })
  t.strictSame(ownerOf('Update', writer('', ''), served), {
    manager: 'unknown',
    operation: 'Update',
    apiVersion: 'g/v1',
    subresource: '',
  })
})

t.test('nobody has what the system writes', async t => {
  const fields = {
    'f:apiVersion': {},
    'f:metadata': { '.': {}, 'f:name': {}, 'f:labels': { 'f:a': {} }, 'f:resourceVersion': {} },
  }
  t.strictSame(encodeFields(withoutSystemFields(decodeFields(fields))), {
    'f:metadata': { 'f:labels': { 'f:a': {} } },
  })
})

t.test('whoever has nothing else has nothing', async t => {
  const entry = (manager: string, fieldsV1: object) => ({
    apiVersion: 'g/v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
    manager,
    operation: 'Update',
  })
  const system = { 'f:kind': {} }
  const managed = decodeEntries([
    entry('a', system),
    entry('b', { ...system, 'f:spec': {} }),
    entry('c', system),
  ])
  const left = (manager: string) =>
    encodeEntries(stripped(managed, ownerOf('Update', writer('', manager), served)))
  t.strictSame(
    left('a')?.map(({ manager }) => manager),
    ['b', 'c'],
  )
  t.strictSame(left('b')?.[1], entry('b', { 'f:spec': {} }))
  t.equal(left('d')?.length, 3)
})
