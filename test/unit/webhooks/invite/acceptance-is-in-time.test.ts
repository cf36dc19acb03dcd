import t from 'tap'
import { Invite, User } from '#src/api/identity/v1alpha1.ts'
import { cluster, now, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/invite/acceptance-is-in-time.ts'

const namespace = 'kradle-org-acme'
const invite = (spec: Partial<Invite['spec']> = {}) =>
  objectOf(Invite, {
    metadata: { name: 'jane', namespace, creationTimestamp: '2026-11-20T00:00:00Z' },
    spec: {
      organizationRef: 'acme',
      email: 'Jane@acme.example',
      role: 'member',
      revoked: false,
      ...spec,
    },
  })
const jane = (email = 'jane@acme.example') =>
  objectOf(User, {
    metadata: { name: 'jane', namespace },
    spec: {
      organizationRef: 'acme',
      displayName: 'Jane',
      email,
      signInState: 'active',
      admin: false,
    },
  })
const accept = (spec: Partial<Invite['spec']> = {}) =>
  request('UPDATE', Invite, invite({ acceptedBy: 'jane', ...spec }), invite(spec))

t.test('passes in time, for whom it was sent to', async t => {
  t.strictSame(rule.decide(accept(), cluster(jane())), [])
  t.match(rule.lookups(accept()), [{ kind: User, name: 'jane', namespace, fresh: 'live' }])
})

t.test('has nothing to say where nobody accepts', async t => {
  for (const write of [
    request('CREATE', Invite, invite()),
    request(
      'UPDATE',
      Invite,
      invite({ acceptedBy: 'jane', revoked: true }),
      invite({ acceptedBy: 'jane' }),
    ),
    request('CREATE', Invite, invite({ acceptedBy: 7 as unknown as string })),
    request('CREATE', Invite, invite({ acceptedBy: '' })),
  ]) {
    t.strictSame(rule.lookups(write), [])
    t.strictSame(rule.decide(write, cluster()), [])
  }
})

for (const [name, spec, user, problem] of [
  ['after it expired', { expiresAt: now.toISOString() }, jane(), /expired at 2026-11-21T12:00:00/],
  ['after it was revoked', { revoked: true }, jane(), /revoked/],
  ['by nobody', {}, undefined, /is no User in namespace "kradle-org-acme"/],
  ['by somebody else', {}, jane('mallory@acme.example'), /another mail address/],
] as const)
  t.test(`refuses to be accepted ${name}`, async t => {
    t.match(rule.decide(accept(spec), cluster(...(user ? [user] : []))), [
      { rule: 'R47', field: 'spec.acceptedBy', value: 'jane', problem },
    ])
  })
