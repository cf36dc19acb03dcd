import t from 'tap'
import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/externalwriteintent/key-is-filled-in.ts'

const keyOf = (change: object = {}) =>
  mutation.apply(write('CREATE', ExternalWriteIntent, change as never), cluster()).spec![
    'idempotencyKey'
  ]

t.test('is made of organisation, object, operation and name', async t => {
  t.equal(keyOf(), 'acme:Issue/upload-fails:createComment:comment-upload-fails')
  t.equal(
    keyOf({ 'spec.resourceRef': { kind: 'Issue', nativeId: '7' } }),
    'acme:Issue/7:createComment:comment-upload-fails',
  )
})

t.test('stays as it is', async t => {
  t.equal(keyOf({ 'spec.idempotencyKey': 'mine' }), 'mine')
  const update = (before: object) =>
    mutation.apply(write('UPDATE', ExternalWriteIntent, {}, { before: before as never }), cluster())
  t.match(update({ 'spec.idempotencyKey': 'first' }).spec, { idempotencyKey: 'first' })
  t.equal('idempotencyKey' in update({}).spec!, false)
})
