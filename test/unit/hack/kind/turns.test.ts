import t from 'tap'
import type { AuditEvent } from '#hack/kind/audit-events.ts'
import { turnsOf } from '#hack/kind/turns.ts'

const event = (pod: string | undefined, from: string, to: string, more: Partial<AuditEvent> = {}) =>
  ({
    verb: 'patch',
    stage: 'ResponseComplete',
    requestURI: '/',
    requestReceivedTimestamp: from,
    stageTimestamp: to,
    user: {
      username: 'x',
      ...(pod && { extra: { 'authentication.kubernetes.io/pod-name': [pod] } }),
    },
    objectRef: { resource: 'teams' },
    ...more,
  }) satisfies AuditEvent

t.test('what one writes after another is its turn', async t => {
  t.strictSame(
    turnsOf([
      event('b', '5', '6'),
      event('a', '1', '4'),
      event('a', '2', '3'),
      event('a', '0', '0', { verb: 'watch' }),
      event('b', '3', '3', { verb: 'update', objectRef: { resource: 'leases' } }),
      event('b', '6', '8'),
    ]),
    [
      { pod: 'a', from: '1', to: '4', writes: 2 },
      { pod: 'b', from: '5', to: '8', writes: 2 },
    ],
  )
})

t.test('two at once are turns that overlap', async t => {
  const [first, second] = turnsOf([event('a', '1', '9'), event(undefined, '2', '3')])
  t.equal(second?.pod, 'unknown')
  t.ok(first!.to > second!.from)
})
