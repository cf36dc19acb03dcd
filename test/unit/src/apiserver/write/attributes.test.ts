import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { attributesOf, metadataOf } from '#src/apiserver/write/attributes.ts'
import { gadgets, requestOf } from '#test/support/apiserver/gadgets.ts'

t.test('a request as admission sees it', async t => {
  const warnings: string[] = []
  const request = requestOf(
    'n',
    { says: '', method: 'PUT', name: 'a', subresource: 'status' },
    '',
    warnings,
  )
  const options = { kind: 'UpdateOptions', dryRun: ['All'] }
  const { warn, ...attributes } = attributesOf(request, 'UPDATE', options, 'b')
  warn('careful')
  t.strictSame(warnings, ['careful'])
  t.strictSame(attributes, {
    operation: 'UPDATE',
    resource: gadgets,
    subresource: 'status',
    namespace: 'n',
    name: 'b',
    user: request.user,
    dryRun: true,
    options,
    signal: request.signal,
  })
  t.equal(attributesOf(request, 'UPDATE', {}, 'b').dryRun, false)
  t.strictSame(metadataOf({ apiVersion: 'v1', kind: 'Pod' } as UnknownObject), {})
})
