import t from 'tap'
import type { RoleBinding } from '#src/api/rbac/v1.ts'
import { bindingFor, bindingName, excessOf } from '#src/controllers/identity/persona-binding.ts'
import { user } from '#test/fixtures-identity.ts'

const wanted = bindingFor(user(), 'admin', ['jane@corp', 'jane@home'])

t.test('is named by persona and User, within the length of a name', async t => {
  t.equal(bindingName('admin', 'jane'), 'kradle-admin-jane')
  const long = bindingName('admin', 'a'.repeat(253))
  t.equal(long.length, 253)
  t.not(long, bindingName('admin', `${'a'.repeat(252)}b`))
})

t.test('binds all accounts of the User, is his, and says so', async t => {
  t.strictSame(wanted, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {
      name: 'kradle-admin-jane',
      namespace: 'kradle-org-acme',
      labels: { 'kradle.a5c.ai/org': 'acme', 'kradle.a5c.ai/owner-uid': 'uid-of-jane' },
      ownerReferences: [
        {
          apiVersion: 'kradle.a5c.ai/v1alpha1',
          kind: 'User',
          name: 'jane',
          uid: 'uid-of-jane',
          controller: true,
        },
      ],
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'kradle-admin' },
    subjects: ['jane@corp', 'jane@home'].map(name => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'User',
      name,
    })),
  })
})

/** The same binding as the API server has it, changed. */
const live = (changes: Partial<RoleBinding>, fields?: object): RoleBinding => ({
  ...wanted,
  ...changes,
  metadata: {
    ...wanted.metadata,
    ...(fields && {
      managedFields: [{ manager: 'identity-controller', operation: 'Apply', fieldsV1: fields }],
    }),
  },
})
const eve = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User' as const, name: 'eve' }
const account = { kind: 'ServiceAccount' as const, name: 'bot', namespace: 'default' }

t.test('what lacks is no excess', async t => {
  t.strictSame(excessOf(live({}), wanted), [])
  t.strictSame(excessOf(live({ subjects: [] }), wanted), [])
  t.strictSame(excessOf(live({ subjects: undefined as never }), wanted), [])
})

t.test('subjects that somebody else wrote are', async t => {
  const subjects = [...(wanted.subjects ?? []), eve, account]
  t.strictSame(excessOf(live({ subjects }), wanted), ['User "eve"', 'ServiceAccount "default/bot"'])
  t.strictSame(excessOf(live({ subjects }, { 'f:roleRef': {} }), wanted), [
    'User "eve"',
    'ServiceAccount "default/bot"',
  ])
  const { subjects: _, ...bare } = wanted
  t.strictSame(excessOf(live({ subjects: [eve] }), bare), ['User "eve"'])
})

t.test('subjects that we wrote are only no longer wanted', async t => {
  const subjects = [...(wanted.subjects ?? []), eve]
  t.strictSame(excessOf(live({ subjects }, { 'f:subjects': {} }), wanted), [])
})

t.test('another role is, whoever wrote it', async t => {
  const roleRef = { ...wanted.roleRef, name: 'cluster-admin' }
  t.strictSame(excessOf(live({ roleRef }, { 'f:subjects': {} }), wanted), [
    'role ClusterRole "cluster-admin"',
  ])
})
