import t from 'tap'
import type { User } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { RoleBinding } from '#src/api/rbac/v1.ts'
import { bindingFor } from '#src/controllers/identity/persona-binding.ts'
import controller from '#src/controllers/identity/user.ts'
import { cluster, team } from '#test/fixtures.ts'
import { invite, mapping, user } from '#test/fixtures-identity.ts'

const admin = user('jane', { spec: { admin: true } })
const account = mapping()
const binding = bindingFor(admin, 'admin', ['jane'])
const live = (changes: Partial<RoleBinding> = {}, metadata: object = {}): RoleBinding => ({
  ...binding,
  ...changes,
  metadata: { ...binding.metadata, uid: 'uid-of-binding', ...metadata },
})
const eve = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User' as const, name: 'eve' }
const extended = live({ subjects: [...(binding.subjects ?? []), eve] })
const foreign = live({}, { labels: {} })
const stranger = live({}, { name: 'evil' })

const look = (who: User, ...others: KubernetesObject[]) => {
  const plan = controller.reconcile(who, cluster(who, ...others))
  return {
    apply: plan.apply?.map(({ metadata }) => metadata.name),
    delete: plan.delete?.map(({ name, uid }) => `${name} ${uid}`),
    phase: plan.status?.phase,
    conditions: Object.fromEntries(
      plan.status?.conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]) ??
        [],
    ),
    requeueAfter: plan.requeueAfter,
  }
}

const cases: Record<string, [ReturnType<typeof look>, object]> = {
  'binds whom somebody declared': [
    look(admin, account),
    {
      apply: ['kradle-admin-jane'],
      delete: [],
      phase: 'Ready',
      conditions: {
        IdentityMapped: 'True Mapped',
        RolesProjected: 'True Projected',
        NativeBindingSynced: 'True Synced',
        Ready: 'True Projected',
      },
      requeueAfter: undefined,
    },
  ],
  'goes on applying, so that what lacks is put back': [
    look(admin, account, live({ subjects: [] })),
    { apply: ['kradle-admin-jane'], phase: 'Ready' },
  ],
  'is fine without a role': [
    look(user(), account),
    {
      apply: [],
      phase: 'Ready',
      conditions: { RolesProjected: 'True NoRole', Ready: 'True NoRole' },
    },
  ],
  'binds nobody without an account': [
    look(admin, mapping('bob')),
    {
      apply: [],
      phase: 'Pending',
      conditions: {
        IdentityMapped: 'False IdentityUnmapped',
        RolesProjected: 'False IdentityUnmapped',
        Ready: 'False IdentityUnmapped',
      },
    },
  ],
  'nor with the account of somebody else': [
    look(
      admin,
      mapping('bob'),
      mapping('jane', { metadata: { name: 'late' }, spec: { subject: 'bob' } }),
    ),
    { apply: [], phase: 'Pending', conditions: { IdentityMapped: 'False SubjectTaken' } },
  ],
  'takes back what is no longer wanted': [
    look(user(), account, live()),
    { apply: [], delete: ['kradle-admin-jane uid-of-binding'], phase: 'Ready' },
  ],
  'takes everything from whoever is suspended': [
    look(user('jane', { spec: { admin: true, signInState: 'suspended' } }), account, live()),
    {
      apply: [],
      delete: ['kradle-admin-jane uid-of-binding'],
      phase: 'Suspended',
      conditions: {
        IdentityMapped: 'True Mapped',
        RolesProjected: 'True Suspended',
        Ready: 'True Suspended',
      },
    },
  ],
  'who needs no account for that': [
    look(user('jane', { spec: { signInState: 'suspended' } })),
    { phase: 'Suspended', conditions: { Ready: 'True Suspended' } },
  ],
  'reports a subject too much, and leaves it': [
    look(admin, account, extended),
    {
      apply: [],
      delete: [],
      phase: 'Degraded',
      conditions: {
        IdentityMapped: 'True Mapped',
        NativeBindingSynced: 'False DriftEscalates',
        Ready: 'False DriftEscalates',
      },
      requeueAfter: undefined,
    },
  ],
  'reports a binding too much, and leaves it': [
    look(admin, account, live(), stranger),
    {
      apply: ['kradle-admin-jane'],
      delete: [],
      phase: 'Degraded',
      conditions: { NativeBindingSynced: 'False DriftEscalates' },
    },
  ],
  'does not touch what is not ours, and looks whether it goes': [
    look(admin, account, foreign),
    {
      apply: [],
      delete: [],
      phase: 'Degraded',
      conditions: { NativeBindingSynced: 'False NotOurs', RolesProjected: 'False NotOurs' },
      requeueAfter: 60,
    },
  ],
  'does not touch what is not ours and nobody wants either': [
    look(user(), account, foreign),
    { apply: [], delete: [], phase: 'Ready' },
  ],
}
for (const [name, [got, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.match(got, want)
  })

t.test('names what is too much, and in which binding', async t => {
  const { status } = controller.reconcile(admin, cluster(admin, account, extended, stranger))
  t.match(
    status?.conditions.find(({ type }) => type === 'NativeBindingSynced')?.message,
    ['Nobody declared User "eve" in RoleBinding "kradle-admin-jane", RoleBinding "evil";'].join(),
  )
})

t.test('a refusal of the API server is an answer', async t => {
  const plan = controller.reconcile(admin, cluster(admin, account))
  t.match(plan.refused?.({ object: binding, message: 'attempting to grant extra privileges' }), {
    status: {
      phase: 'Degraded',
      conditions: [
        { reason: 'EscalationRefused', message: /attempting to grant extra privileges/ },
        {},
        {},
        { type: 'Ready', status: 'False', reason: 'EscalationRefused' },
      ],
    },
    requeueAfter: 60,
  })
})

t.test('reads live what it would make', async t => {
  const reads = (...objects: KubernetesObject[]) =>
    controller.lookups?.(admin, cluster(account, ...objects)).map(({ name }) => name)
  t.strictSame(reads(), ['kradle-admin-jane'])
  t.strictSame(reads(live()), [])
})

t.test('looks again when anything it goes by changes', async t => {
  const [bindings, teams, invites, mappings] = controller.watches
  const key = (name: string) => ({ name, namespace: 'kradle-org-acme' })
  t.strictSame(bindings?.labels, { 'kradle.a5c.ai/owner-uid': '' })
  t.strictSame(bindings?.toOwners(live(), cluster(admin, user('bob'))), [key('jane')])
  t.strictSame(bindings?.toOwners(stranger, cluster(admin, user('bob'))), [key('jane')])
  t.strictSame(bindings?.toOwners(foreign, cluster(admin, user('bob'))), [key('jane')])
  t.strictSame(bindings?.toOwners(live({}, { name: 'x', labels: undefined }), cluster(admin)), [])
  const core = team('acme', { spec: { maintainers: ['jane'], members: ['bob'] } })
  t.strictSame(teams?.toOwners(core, cluster()), [key('jane'), key('bob')])
  t.strictSame(invites?.toOwners(invite(), cluster()), [])
  t.strictSame(invites?.toOwners(invite('x', { spec: { acceptedBy: 'jane' } }), cluster()), [
    key('jane'),
  ])
  const rival = mapping('eve', { spec: { subject: 'jane' } })
  t.strictSame(mappings?.toOwners(account, cluster(rival)), [key('jane'), key('eve')])
})
