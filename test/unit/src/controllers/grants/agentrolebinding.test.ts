import t from 'tap'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { KubernetesObject, ObjectMeta } from '#src/api/object.ts'
import type { PolicyRule, Role, RoleBinding, Subject } from '#src/api/rbac/v1.ts'
import controller from '#src/controllers/grants/agentrolebinding.ts'
import { roleTemplates } from '#src/permissions/role-templates.ts'
import { cluster, now } from '#test/fixtures.ts'
import {
  agentAccount,
  agentStack,
  appliedFields,
  roleBinding,
  serviceAccount,
} from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

const api = 'rbac.authorization.k8s.io'
const metadata = (more: Partial<ObjectMeta>): ObjectMeta => ({
  name: 'kradle-agent-reads',
  namespace: 'kradle-org-acme',
  uid: 'uid-of-projection',
  labels: { 'kradle.a5c.ai/owner-uid': 'uid-of-binding-reads' },
  ...more,
})
const liveRole = (more: PolicyRule[] = [], meta: Partial<ObjectMeta> = {}): Role => ({
  apiVersion: `${api}/v1`,
  kind: 'Role',
  metadata: metadata(meta),
  rules: [...roleTemplates['readonly']!, ...more],
})
const account: Subject = { kind: 'ServiceAccount', name: 'repairer', namespace: 'kradle-org-acme' }
const liveBinding = (
  subjects: Subject[] = [account],
  meta: Partial<ObjectMeta> = {},
  roleRef: RoleBinding['roleRef'] = { apiGroup: api, kind: 'Role', name: 'kradle-agent-reads' },
): RoleBinding => ({
  apiVersion: `${api}/v1`,
  kind: 'RoleBinding',
  metadata: metadata(meta),
  roleRef,
  subjects,
})
const there = [agentAccount(), serviceAccount()]
const secrets: PolicyRule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }
const eve: Subject = { kind: 'User', name: 'eve' }

type Spec = Parameters<typeof roleBinding>[0]

const look = (spec: Spec, ...objects: KubernetesObject[]) => {
  const plan = controller.reconcile(roleBinding(spec), cluster(...objects))
  return {
    plan,
    apply: plan.apply?.map(({ kind, metadata: { name } }) => `${kind} ${name}`) ?? [],
    delete: plan.delete?.map(({ kind, name, uid }) => `${kind.kind} ${name} ${uid}`) ?? [],
    phase: plan.status?.phase,
    conditions: plan.status?.conditions.map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    ),
    messages: plan.status?.conditions.map(({ message }) => message).join('\n'),
    requeueAfter: plan.requeueAfter,
  }
}
const both = ['Role kradle-agent-reads', 'RoleBinding kradle-agent-reads']
const removed = both.toReversed().map(name => `${name} uid-of-projection`)
const projected = [
  'SubjectsResolved=True Resolved',
  'NativeBindingSynced=True Synced',
  'EscalationAdmitted=True Admitted',
  'Ready=True Ready',
  'ReferencesResolved=True AllResolved',
]

t.test('makes Role and RoleBinding of a template', async t => {
  const got = look({}, ...there)
  t.match(got, {
    apply: both,
    delete: [],
    phase: 'Ready',
    conditions: ['RoleResolved=True Compiled', ...projected],
    requeueAfter: undefined,
  })
  const [role, binding] = got.plan.apply ?? []
  t.strictSame((role as Role).rules, roleTemplates['readonly'])
  t.match(binding, {
    roleRef: { apiGroup: api, kind: 'Role', name: 'kradle-agent-reads' },
    subjects: [account],
  })
  for (const object of [role, binding])
    t.match(object?.metadata, {
      labels: {
        'kradle.a5c.ai/org': 'acme',
        'kradle.a5c.ai/owner-uid': 'uid-of-binding-reads',
      },
      ownerReferences: [{ kind: 'AgentRoleBinding', name: 'reads', controller: true }],
    })
})

t.test('binds the account of a stack, and to a role that is there', async t => {
  const native: Role = {
    ...liveRole(),
    metadata: { name: 'logs', namespace: 'kradle-org-acme' },
    rules: [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }],
  }
  const got = look(
    {
      subject: { kind: 'agent-stack', name: 'mender' },
      roleRef: { kind: 'Role', name: 'logs' },
    },
    ...there,
    agentStack('mender', 'repairer'),
    native,
  )
  t.match(got, {
    apply: ['RoleBinding kradle-agent-reads'],
    phase: 'Ready',
    conditions: ['RoleResolved=True Found', ...projected],
    requeueAfter: 300,
  })
  t.match(got.plan.apply, [{ roleRef: { kind: 'Role', name: 'logs' }, subjects: [account] }])
})

t.test('a scope with what does not exist is told, and lends what it would', async t => {
  const scope = { kind: 'repository' as const, repositories: ['app', 'web'] }
  const spec: Spec = { scope, roleRef: { kind: 'RoleTemplate', name: 'repository-repair' } }
  const web = thing('web', {}, {}, Repository)
  const told = 'ReferencesResolved=False ReferenceMissing'
  const got = look(spec, ...there, web)
  t.match(got, {
    apply: both,
    phase: 'Ready',
    messages: /spec\.scope\.repositories\[0\]: Repository "app" does not exist; .*R33/,
  })
  t.strictSame(got.conditions?.slice(-2), ['Ready=True Ready', told])
  t.equal(look(spec, web).conditions?.at(-1), told, 'whatever else is missing')
  const refusal = { object: got.plan.apply![0]!, message: 'no' }
  t.match(got.plan.refused?.(refusal).status?.conditions.at(-1), {
    type: 'ReferencesResolved',
    status: 'False',
  })
})

t.test('takes back what was lent when role or account are gone', async t => {
  t.match(look({}, agentAccount(), liveRole(), liveBinding()), {
    apply: [],
    delete: removed,
    phase: 'Pending',
    conditions: [
      'RoleResolved=True Compiled',
      'SubjectsResolved=False ServiceAccountMissing',
      'NativeBindingSynced=False NotProjected',
      'EscalationAdmitted=False NotProjected',
      'Ready=False ServiceAccountMissing',
    ],
    requeueAfter: 30,
  })
  const forbidden: Role = {
    ...liveRole([secrets]),
    metadata: { name: 'logs', namespace: 'kradle-org-acme' },
  }
  t.match(look({ roleRef: { kind: 'Role', name: 'logs' } }, ...there, forbidden, liveBinding()), {
    apply: [],
    delete: ['RoleBinding kradle-agent-reads uid-of-projection'],
    phase: 'Blocked',
    conditions: ['RoleResolved=False RoleForbidden'],
    requeueAfter: 300,
  })
  const labels = {}
  t.match(
    look({}, liveRole([], { labels }), liveBinding([account], { labels })),
    { delete: [] },
    'but not what somebody else made',
  )
  t.match(look({}), { delete: [], phase: 'Pending' })
})

t.test('puts back what is lacking', async t => {
  const lacking: Role = { ...liveRole(), rules: [] }
  for (const objects of [
    [lacking, liveBinding([])],
    [liveRole(), liveBinding()],
    [liveRole(), { ...liveBinding(), subjects: undefined } as unknown as RoleBinding],
    [{ ...liveRole(), rules: undefined } as unknown as Role],
  ])
    t.match(look({}, ...there, ...objects), { apply: both, phase: 'Ready' })
})

const drifts: Record<string, [KubernetesObject[], RegExp]> = {
  'a rule too much': [[liveRole([secrets]), liveBinding()], /nobody declared: get secrets;/],
  'a subject too much': [[liveRole(), liveBinding([account, eve])], /subject User "eve"/],
  'another role': [
    [
      liveRole(),
      liveBinding([account], {}, { apiGroup: api, kind: 'ClusterRole', name: 'cluster-admin' }),
    ],
    /role ClusterRole "cluster-admin"/,
  ],
  'all of it': [[liveRole([secrets]), liveBinding([eve])], /get secrets, subject User "eve"/],
}
for (const [name, [objects, message]] of Object.entries(drifts))
  t.test(`reports ${name} and leaves it`, async t => {
    const got = look({}, ...there, ...objects)
    t.match(got, {
      apply: [],
      delete: [],
      phase: 'Error',
      conditions: [
        'RoleResolved=True Compiled',
        'SubjectsResolved=True Resolved',
        'NativeBindingSynced=False DriftEscalates',
        'EscalationAdmitted=False DriftEscalates',
        'Ready=False DriftEscalates',
        'ReferencesResolved=True AllResolved',
      ],
      messages: message,
    })
  })

t.test('what it wrote itself is no drift when the wish has changed', async t => {
  const managedFields = [appliedFields('rules', 'subjects')]
  t.match(
    look(
      {},
      ...there,
      liveRole([secrets], { managedFields }),
      liveBinding([{ ...account, name: 'former' }], { managedFields }),
    ),
    { apply: both, phase: 'Ready' },
  )
  t.match(
    look(
      {},
      ...there,
      liveRole([], { managedFields }),
      liveBinding([account], { managedFields }, { apiGroup: api, kind: 'Role', name: 'other' }),
    ),
    { phase: 'Error' },
    'but a role can only have been put there',
  )
})

t.test('leaves alone what somebody else made', async t => {
  const labels = { 'kradle.a5c.ai/owner-uid': 'uid-of-an-earlier-one' }
  for (const objects of [
    [liveRole([], { labels }), liveBinding()],
    [liveRole(), liveBinding([account], { labels: {} })],
  ])
    t.match(look({}, ...there, ...objects), {
      apply: [],
      delete: [],
      phase: 'Blocked',
      conditions: [
        'RoleResolved=True Compiled',
        'SubjectsResolved=True Resolved',
        'NativeBindingSynced=False NotOurs',
      ],
      requeueAfter: 30,
    })
})

t.test('passes on why the API server would not have it', async t => {
  const { plan } = look({}, ...there)
  const object = plan.apply![0]!
  const got = plan.refused?.({ object, message: 'x is attempting to grant get secrets' })
  t.match(got, {
    status: {
      phase: 'Blocked',
      conditions: [
        { type: 'RoleResolved', status: 'True' },
        { type: 'SubjectsResolved', status: 'True' },
        { type: 'NativeBindingSynced', status: 'False', reason: 'EscalationRefused' },
        {
          type: 'EscalationAdmitted',
          status: 'False',
          reason: 'EscalationRefused',
          message:
            'The API server refuses Role "kradle-agent-reads": x is attempting to grant get secrets',
        },
        { type: 'Ready', status: 'False' },
      ],
    },
    requeueAfter: 300,
  })
  const long = plan.refused?.({ object, message: 'x'.repeat(10_000) })
  t.equal(long?.status?.conditions[3]?.message.length, 4096)
})

t.test('takes away what is ours while its owner is going, orphaned or not', async t => {
  const going = roleBinding()
  going.metadata.deletionTimestamp = now.toISOString()
  const planFor = (...objects: KubernetesObject[]) =>
    controller.reconcile(going, cluster(...there, ...objects))
  t.strictSame(planFor(), { delete: [] })
  const at = { name: 'kradle-agent-reads', namespace: 'kradle-org-acme', uid: 'uid-of-projection' }
  t.match(planFor(liveRole([secrets]), liveBinding([eve], { ownerReferences: [] })), {
    delete: [
      { kind: { kind: 'RoleBinding' }, ...at },
      { kind: { kind: 'Role' }, ...at },
    ],
    apply: undefined,
    status: undefined,
  })
  const labels = { 'kradle.a5c.ai/owner-uid': 'uid-of-an-earlier-one' }
  t.strictSame(planFor(liveRole([], { labels }), liveBinding([account], { labels: {} })), {
    delete: [],
  })
})

t.test('reads live what others could have put there', async t => {
  const lookups = controller.lookups?.(
    roleBinding({ roleRef: { kind: 'ClusterRole', name: 'view' } }),
    cluster(),
  )
  t.strictSame(
    lookups?.map(({ kind, name }) => `${kind.kind} ${name}`),
    [...both, 'ClusterRole view', 'ServiceAccount repairer'],
  )
})

t.test('looks again when anything it stands on changes', async t => {
  const ofStack = roleBinding({ subject: { kind: 'agent-stack', name: 'mender' } })
  ofStack.metadata.name = 'mends'
  const view = cluster(roleBinding(), ofStack, agentStack('mender', 'repairer'))
  const ownersOf = (object: KubernetesObject, known = view) =>
    controller.watches
      .filter(({ kind }) => kind.kind === object.kind)
      .flatMap(watch => watch.toOwners(object, known))
  const [reads, mends] = ['reads', 'mends'].map(name => ({ name, namespace: 'kradle-org-acme' }))
  t.strictSame(ownersOf(liveRole()), [reads])
  t.strictSame(ownersOf(liveBinding()), [reads])
  t.strictSame(ownersOf(liveBinding([], { name: 'kradle-member-jane' })), [])
  t.strictSame(ownersOf(liveRole([], { namespace: '' })), [{ name: 'reads' }])
  t.strictSame(ownersOf(agentAccount()), [mends, reads])
  t.strictSame(ownersOf(serviceAccount()), [mends, reads])
  t.strictSame(ownersOf(agentAccount('other')), [])
  t.strictSame(ownersOf(agentStack('mender', 'other')), [mends])
  const scoped = roleBinding({ scope: { kind: 'repository', repositories: ['app'] } })
  t.strictSame(ownersOf(thing('app', {}, {}, Repository), cluster(scoped)), [reads])
  t.strictSame(ownersOf(thing('web', {}, {}, Repository), cluster(scoped)), [])
  const lone = roleBinding()
  delete lone.metadata.namespace
  const claim = agentAccount()
  delete claim.metadata.namespace
  t.strictSame(ownersOf(claim, cluster(lone)), [{ name: 'reads' }])
})
