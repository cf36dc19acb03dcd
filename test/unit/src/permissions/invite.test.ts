import t from 'tap'
import { inviteExpires } from '#src/permissions/invite.ts'
import { now } from '#test/fixtures.ts'

const spec = { organizationRef: 'acme', email: 'a@b', role: 'member', revoked: false } as const

t.test('lasts as long as it says, or a week', async t => {
  const metadata = { name: 'x', creationTimestamp: '2026-11-01T00:00:00Z' }
  t.strictSame(
    inviteExpires({ spec: { ...spec, expiresAt: '2026-11-02T00:00:00Z' }, metadata }, now),
    new Date('2026-11-02T00:00:00Z'),
  )
  t.strictSame(inviteExpires({ spec, metadata }, now), new Date('2026-11-08T00:00:00Z'))
  t.strictSame(
    inviteExpires({ spec, metadata: { name: 'x' } }, now),
    new Date(now.getTime() + 7 * 24 * 3600_000),
  )
})

t.test('has expired where nobody can read when', async t => {
  for (const expiresAt of ['2999-01-01T12:00:00,5Z', 'never', ''])
    t.strictSame(
      inviteExpires({ spec: { ...spec, expiresAt }, metadata: { name: 'x' } }, now),
      new Date(0),
    )
})
