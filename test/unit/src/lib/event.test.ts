import t from 'tap'
import type { Condition } from '#src/api/object.ts'
import { eventOf } from '#src/lib/event.ts'

const source = {
  component: 'identity-controller',
  instance: 'host_1',
  now: new Date('2026-11-21T12:00:00.123Z'),
}
const object = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'Team',
  metadata: { name: 'web', namespace: 'kradle-org-acme', uid: '7', resourceVersion: '8' },
}
const condition: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'NotBound',
  message: 'The namespace is not bound',
  lastTransitionTime: '2026-11-21T11:00:00Z',
}

t.test('tells of a condition where people look for it', async t => {
  t.match(eventOf(object, condition, source), {
    metadata: { name: /^web\.[0-9a-f]{16}$/, namespace: 'kradle-org-acme' },
    involvedObject: { kind: 'Team', name: 'web', namespace: 'kradle-org-acme', uid: '7' },
    type: 'Warning',
    reason: 'NotBound',
    message: 'Ready=False: The namespace is not bound',
    firstTimestamp: '2026-11-21T12:00:00Z',
    count: 1,
    reportingComponent: 'identity-controller',
  })
  const good = eventOf(object, { ...condition, status: 'True', message: '' }, source)
  t.match(good, { type: 'Normal', message: 'Ready=True' })
})

t.test('has the same name for the same news alone', async t => {
  const nameOf = (of: Condition, uid = '7') =>
    eventOf({ ...object, metadata: { ...object.metadata, uid } }, of, source).metadata.name
  t.equal(nameOf(condition), nameOf({ ...condition, observedGeneration: 9 }))
  t.not(nameOf(condition), nameOf({ ...condition, reason: 'Other' }))
  t.not(nameOf(condition), nameOf(condition, '9'))
})

t.test('fits into what the API takes', async t => {
  const event = eventOf(
    { ...object, metadata: { name: 'x'.repeat(253) } },
    { ...condition, message: 'y'.repeat(5000) },
    { ...source, instance: 'z'.repeat(300) },
  )
  t.equal(event.metadata.namespace, 'default')
  t.ok(event.metadata.name.length <= 253)
  t.equal(event.message.length, 1024)
  t.equal(event.reportingInstance.length, 128)
  t.notOk('uid' in event.involvedObject)
})
