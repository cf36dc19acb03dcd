import t from 'tap'
import { accountOf, eventsIn, podOf, type AuditEvent } from '#hack/kind/audit-events.ts'

const event = (username: string, extra?: AuditEvent['user']['extra']): AuditEvent => ({
  verb: 'get',
  stage: 'ResponseComplete',
  requestURI: '/',
  requestReceivedTimestamp: '',
  stageTimestamp: '',
  user: { username, ...(extra && { extra }) },
})

t.test('a line that is still being written does not count', async t => {
  t.equal(eventsIn('{"verb":"get"}\n{"verb":"li').length, 1)
  t.strictSame(eventsIn(''), [])
})

t.test('whose it is', async t => {
  t.equal(accountOf(event('system:serviceaccount:kradle-system:webhook')), 'webhook')
  t.equal(accountOf(event('system:serviceaccount:default:webhook')), undefined)
  t.equal(
    podOf(event('x', { 'authentication.kubernetes.io/pod-name': ['webhook-1'] })),
    'webhook-1',
  )
  t.equal(podOf(event('x')), undefined)
})
