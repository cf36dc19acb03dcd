import t from 'tap'
import { FieldSet } from '#src/apiserver/managed-fields/field-set.ts'
import { decodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { withSets, type Owned } from '#src/apiserver/managed-fields/managed.ts'

const owned: Owned = {
  owner: { manager: 'a', operation: 'Update', apiVersion: 'g/v1', subresource: '' },
  set: decodeFields({ 'f:a': {} }),
  apiVersion: 'g/v1',
  time: undefined,
}

t.test('whoever has nothing left goes', async t => {
  const managed = new Map([
    ['a', owned],
    ['b', owned],
  ])
  const left = withSets(managed, ({ set }, id) => (id === 'a' ? set : new FieldSet()))
  t.strictSame([...left.keys()], ['a'])
})
