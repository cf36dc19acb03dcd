import t from 'tap'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf } from '#test/fixtures.ts'
import { isOwn, isSamePerson, isServiceAccount, userOf } from '#webhooks/person.ts'

const namespace = 'kradle-org-acme'
const mapping = (subject: string, user: string, metadata: object = {}, provider = 'kubernetes') =>
  objectOf(IdentityMapping, {
    metadata: {
      name: `${provider}-${subject}-${user}`,
      namespace,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: { organizationRef: 'acme', user, provider, subject },
  })

t.test('knows people by the oldest mapping that stands', async t => {
  const going = { deletionTimestamp: '2026-02-01T00:00:00Z' }
  const world = cluster(
    mapping('jd', 'joe', { creationTimestamp: '2026-03-01T00:00:00Z' }),
    mapping('jd', 'jane'),
    mapping('x', 'joe', going),
    mapping('y', 'joe', {}, 'github'),
  )
  t.equal(userOf('jd', namespace, world), 'jane')
  for (const unknown of ['x', 'y', 'z']) t.equal(userOf(unknown, namespace, world), undefined)
  const twins = cluster(
    mapping('jd', 'b', { name: 'b' }),
    mapping('jd', 'a', { name: 'a' }),
    mapping('jd', 'c', { name: 'c' }),
  )
  t.equal(userOf('jd', namespace, twins), 'a')
})

t.test('two accounts are of one person by their User', async t => {
  const world = cluster(mapping('jd', 'jane'), mapping('jane@acme', 'jane'), mapping('joe', 'joe'))
  t.ok(isSamePerson('jd', 'jane@acme', namespace, world))
  t.ok(isSamePerson('nobody', 'nobody', namespace, world))
  t.notOk(isSamePerson('jd', 'joe', namespace, world))
  t.notOk(isSamePerson('nobody', 'none', namespace, world))
})

t.test('programs are known by their names', async t => {
  t.ok(isServiceAccount('system:serviceaccount:a:b'))
  t.notOk(isServiceAccount('jane'))
  const external = 'system:serviceaccount:kradle-system:external-controller'
  t.ok(isOwn(external, 'hooks-controller', 'external-controller'))
  t.notOk(isOwn(external, 'hooks-controller'))
  t.notOk(isOwn('system:serviceaccount:other:external-controller', 'external-controller'))
  t.notOk(isOwn(undefined, 'external-controller'))
})
