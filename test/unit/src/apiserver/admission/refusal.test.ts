import t from 'tap'
import {
  forbidden,
  groupResource,
  internalError,
  notReady,
  plainlyForbidden,
  refused,
  timedOut,
} from '#src/apiserver/admission/refusal.ts'
import { attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const attributes = attributesFor()

t.test('names what was refused', async t => {
  t.match(forbidden(attributes, 'no'), {
    code: 403,
    reason: 'Forbidden',
    message: 'things.shadow.example.com "one" is forbidden: no',
    details: { name: 'one', group: 'shadow.example.com', kind: 'things' },
  })
  const nameless = thing({ metadata: { name: '', generateName: 'made-' } })
  t.match(forbidden({ ...attributes, name: '', object: nameless }, '').message, /"made-"/)
  t.match(forbidden({ ...attributes, name: '', object: thing() }, '').message, /"one"/)
  t.match(forbidden({ ...attributes, name: '', object: undefined }, '').message, /"Unknown"/)
  const core = {
    resource: { ...attributes.resource, kind: { ...attributes.resource.kind, group: '' } },
  }
  t.equal(groupResource(core), 'things')
})

t.test('refuses for other reasons', async t => {
  const causes = [{ message: 'm' }]
  t.match(refused(attributes, 'no', { code: 422, reason: 'Invalid' }, causes), {
    code: 422,
    reason: 'Invalid',
    message: /is forbidden: no$/,
    details: { causes },
  })
  t.match(plainlyForbidden(attributes, 'no', causes), { code: 403, message: 'no' })
  t.match(internalError('x'), { code: 500, message: 'Internal error occurred: x' })
  t.match(timedOut(), { code: 504, reason: 'Timeout' })
  t.match(notReady(), { code: 503, retryAfterSeconds: 1 })
})
