import t from 'tap'
import type { ResourceQuota } from '#src/api/core/v1.ts'
import { census } from '#src/controllers/identity/census.ts'
import controller from '#src/controllers/identity/organization.ts'
import { tenantReaderFor } from '#src/controllers/identity/tenant-reader.ts'
import { LABEL_ORG, LABEL_OWNER_UID } from '#src/api/names.ts'
import type { RoleBinding } from '#src/api/rbac/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { binding, cluster, now, organization, tenant } from '#test/fixtures.ts'

const going = { deletionTimestamp: now.toISOString() }
const foreign = tenant('acme', { labels: {} })
const counted = (secrets: string): ResourceQuota => ({
  ...census('kradle-org-acme'),
  metadata: { ...census('kradle-org-acme').metadata, uid: 'uid-of-census' },
  status: {
    used: {
      ...Object.fromEntries(
        Object.keys(census('kradle-org-acme').spec?.hard ?? {}).map(resource => [resource, '0']),
      ),
      'count/secrets': secrets,
    },
  },
})
const reader = (changes: Partial<RoleBinding> = {}, metadata: object = {}): RoleBinding => {
  const wanted = tenantReaderFor(organization())
  return {
    ...wanted,
    ...changes,
    metadata: { ...wanted.metadata, uid: 'uid-of-reader', ...metadata },
  }
}
const clusterAdmin = {
  roleRef: { ...reader().roleRef, name: 'cluster-admin' },
}
const closed = tenant('acme', { labels: { [LABEL_ORG]: '', [LABEL_OWNER_UID]: 'uid-of-acme' } })
const look = (object: KubernetesObject, ...others: KubernetesObject[]) => {
  const plan = controller.reconcile(object, cluster(object, ...others))
  return {
    apply: plan.apply?.map(({ kind, metadata }) => `${kind} ${metadata.name}`) ?? [],
    delete: plan.delete?.map(({ kind, name, uid }) => `${kind.kind} ${name} ${uid}`) ?? [],
    finalizer: plan.finalizer,
    phase: plan.status?.phase,
    reason: plan.status?.conditions[0]?.reason,
  }
}
const parts = [
  'OrgNamespaceBinding acme',
  'Namespace kradle-org-acme',
  'RoleBinding kradle-tenant-reader',
]

const cases: Record<string, [ReturnType<typeof look>, Partial<ReturnType<typeof look>>]> = {
  'makes namespace and binding': [
    look(organization()),
    { apply: parts, finalizer: 'hold', phase: 'Pending', reason: 'NamespaceMissing' },
  ],
  'is ready when everything is there, and goes on applying it': [
    look(organization(), tenant(), binding(), reader()),
    { apply: parts, delete: [], finalizer: 'hold', phase: 'Ready', reason: 'NamespaceBound' },
  ],
  'binds those who judge grants again when that is gone': [
    look(organization(), tenant(), binding()),
    { apply: parts, phase: 'Pending', reason: 'ReaderMissing' },
  ],
  'makes their binding anew where it has another role': [
    look(organization(), tenant(), binding(), reader(clusterAdmin)),
    {
      apply: parts.slice(0, 2),
      delete: ['RoleBinding kradle-tenant-reader uid-of-reader'],
      phase: 'Pending',
      reason: 'ReaderMissing',
    },
  ],
  'does not touch one that somebody else made': [
    look(organization(), tenant(), binding(), reader({}, { labels: undefined })),
    { apply: parts.slice(0, 2), delete: [], phase: 'Blocked', reason: 'NotOurs' },
  ],
  'binds again when the binding is gone': [
    look(organization(), tenant()),
    { apply: parts, phase: 'Pending', reason: 'BindingMissing' },
  ],
  'is not ready while the binding goes': [
    look(organization(), tenant(), binding('acme', going)),
    { reason: 'BindingMissing' },
  ],
  'waits for a namespace that is going': [
    look(organization(), tenant('acme', going), binding()),
    { apply: [], phase: 'Pending', reason: 'NamespaceTerminating' },
  ],
  'counts what is in a namespace of somebody else': [
    look(organization(), foreign),
    { apply: ['ResourceQuota kradle-census'], reason: 'NamespaceBeingChecked' },
  ],
  'does not take a namespace that is not empty': [
    look(organization(), foreign, counted('1')),
    { apply: ['ResourceQuota kradle-census'], phase: 'Blocked', reason: 'NamespaceNotOurs' },
  ],
  'takes an empty one, and keeps the count until it is ours': [
    look(organization(), foreign, counted('0')),
    { apply: parts, delete: [], reason: 'BindingMissing' },
  ],
  'removes the count afterwards': [
    look(organization(), tenant(), binding(), reader(), counted('0')),
    { delete: ['ResourceQuota kradle-census uid-of-census'], phase: 'Ready' },
  ],
  'treats the namespace of an earlier organisation of that name as foreign': [
    look(organization('acme', { uid: 'another' }), tenant(), counted('1')),
    { reason: 'NamespaceNotOurs' },
  ],
  'on deletion closes the namespace first': [
    look(organization('acme', going), tenant(), binding()),
    { apply: ['Namespace kradle-org-acme'], delete: [], finalizer: 'hold', phase: 'Terminating' },
  ],
  'then takes the binding': [
    look(organization('acme', going), closed, binding()),
    {
      apply: [],
      delete: ['OrgNamespaceBinding acme uid-of-acme-binding'],
      finalizer: 'hold',
      phase: 'Terminating',
    },
  ],
  'then the namespace': [
    look(organization('acme', going), closed),
    { delete: ['Namespace kradle-org-acme uid-of-acme-namespace'], finalizer: 'hold' },
  ],
  'then waits for it': [
    look(organization('acme', going), tenant('acme', going)),
    { delete: [], finalizer: 'hold', phase: 'Terminating' },
  ],
  'then lets go': [look(organization('acme', going)), { delete: [], finalizer: 'release' }],
  'leaves a namespace alone that is not its own': [
    look(organization('acme', going), foreign),
    { delete: [], finalizer: 'release' },
  ],
}
for (const [name, [got, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.strictSame({ ...got, ...want }, got)
  })

t.test('closes by emptying the label, which nobody else can keep', async t => {
  const plan = controller.reconcile(organization('acme', going), cluster(tenant()))
  t.match(plan.apply, [{ metadata: { labels: { [LABEL_ORG]: '' } } }])
})

t.test('keeps Pods off their node, unless the admin of the cluster said otherwise', async t => {
  const key = 'pod-security.kubernetes.io/enforce'
  const levelAfter = (labels: Record<string, string>) =>
    controller
      .reconcile(
        organization(),
        cluster(tenant('acme', { labels: { ...tenant().metadata.labels, ...labels } })),
      )
      .apply?.find(({ kind }) => kind === 'Namespace')?.metadata.labels?.[key]
  t.equal(levelAfter({}), 'baseline')
  t.equal(levelAfter({ [key]: 'privileged' }), 'privileged')
})

t.test('names what is in the way', async t => {
  const { status } = controller.reconcile(organization(), cluster(foreign, counted('1')))
  t.equal(
    status?.conditions[0]?.message,
    'Namespace "kradle-org-acme" was made by somebody else and holds 1 Secret; empty or delete it',
  )
})

t.test('labels what it makes with organisation and owner', async t => {
  for (const { metadata } of controller.reconcile(organization(), cluster()).apply ?? [])
    t.match(metadata.labels, {
      'kradle.a5c.ai/org': 'acme',
      'kradle.a5c.ai/owner-uid': 'uid-of-acme',
    })
})

t.test('reads live what it would apply over, and looks again when a part changes', async t => {
  const reads = (...objects: KubernetesObject[]) =>
    controller.lookups?.(organization(), cluster(...objects)).map(({ name }) => name)
  t.strictSame(reads(), ['kradle-org-acme', 'kradle-tenant-reader'])
  t.strictSame(reads(reader()), ['kradle-org-acme'])
  const foreignReader = cluster(tenant(), binding(), reader({}, { labels: {} }))
  t.equal(controller.reconcile(organization(), foreignReader).requeueAfter, 60)
  const ownersOf = (object: KubernetesObject) =>
    controller.watches
      .filter(({ kind }) => kind.kind === object.kind)
      .flatMap(watch => watch.toOwners(object, cluster()))
  const acme = [{ name: 'acme', namespace: 'kradle-system' }]
  t.strictSame(ownersOf(tenant()), acme)
  t.strictSame(ownersOf(binding()), acme)
  t.strictSame(ownersOf(reader()), acme)
  t.strictSame(ownersOf(reader({}, { name: 'kradle-admin-jane' })), [])
  t.strictSame(ownersOf(counted('0')), acme)
  t.strictSame(ownersOf({ ...tenant(), metadata: { name: 'default' } }), [])
  t.strictSame(ownersOf({ ...counted('0'), metadata: { name: 'x' } }), [])
})
