import t from 'tap'
import { managerId, managerText } from '#src/apiserver/managed-fields/manager-id.ts'

const update = {
  manager: 'a"<',
  operation: 'Update',
  apiVersion: 'g/v1',
  subresource: 'status',
} as const
const apply = { manager: 'a', operation: 'Apply', apiVersion: '', subresource: '' } as const

t.test('is the JSON that Go makes of a manager', async t => {
  t.equal(
    managerId(update),
    String.raw`{"manager":"a\"\u003c","operation":"Update","apiVersion":"g/v1","subresource":"status"}`,
  )
  t.equal(managerId(apply), '{"manager":"a","operation":"Apply"}')
})

t.test('says who it is', async t => {
  t.equal(managerText(update), String.raw`"a\"<" with subresource "status" using g/v1`)
  t.equal(managerText(apply), '"a"')
})
