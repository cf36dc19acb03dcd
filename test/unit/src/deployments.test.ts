import t from 'tap'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { namespacedPolicies } from '#src/api/kyverno/v1.ts'
import { PolicyBinding, PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import { resourceOf } from '#src/api/kind.ts'
import { deployments } from '#src/deployments.ts'
import { referencedKinds } from '#src/lib/references.ts'
import { permissionsOf, roleTemplates } from '#src/permissions/role-templates.ts'

const READ = ['get', 'list', 'watch']
const grants = deployments([]).flatMap(({ name, grants: list }) =>
  list.map(grant => ({ name, ...grant })),
)

t.test('nobody may read or write Secrets except those of the servers, by name', async t => {
  const secrets = grants.filter(
    ({ kind, verbs }) => kind.plural === 'secrets' && verbs.join() !== 'create',
  )
  t.ok(secrets.length > 0)
  for (const { name, namespace, resourceNames } of secrets) {
    t.equal(namespace, 'kradle-system')
    const its = {
      'admission-controller': ['kradle-webhook-tls', 'kradle-apiserver-certificate'],
      apiserver: ['kradle-apiserver-certificate'],
      webhook: ['kradle-webhook-tls'],
    }[name]
    if (!its) throw new Error(`${name} is no server`)
    t.equal(resourceNames?.length, 1)
    t.ok(its.includes(String(resourceNames?.[0])), `${name}: ${resourceNames?.join()}`)
  }
})

t.test('servers ask for rights of others, and write nothing', async t => {
  const writesOf = (server: string) =>
    grants
      .filter(({ name }) => name === server)
      .filter(({ verbs }) => verbs.some(verb => !['get', 'list', 'watch'].includes(verb)))
      .map(({ kind, verbs }) => `${verbs.join()} ${kind.plural}`)
  t.strictSame(writesOf('webhook'), ['create subjectaccessreviews'])
  t.strictSame(writesOf('apiserver'), ['create subjectaccessreviews', 'create tokenreviews'])
})

t.test('the scanner reads no Secret or ConfigMap, and writes reports alone', async t => {
  const own = grants.filter(({ name }) => name === 'scan-controller')
  for (const { kind } of own) t.notOk(['secrets', 'configmaps'].includes(kind.plural))
  const written = own.filter(({ verbs }) => verbs.some(verb => !READ.includes(verb)))
  t.strictSame(
    written.map(({ kind }) => resourceOf(kind)),
    [
      'leases.coordination.k8s.io',
      'leases.coordination.k8s.io',
      'policyreports.wgpolicyk8s.io',
      'reports.openreports.io',
    ],
  )
})

t.test('nobody has verbs that lend rights, and nobody has everything', async t => {
  for (const { verbs } of grants)
    for (const verb of ['*', 'escalate', 'impersonate']) t.notOk(verbs.includes(verb))
})

t.test('roles are lent by the identity controller alone, each by its name', async t => {
  const binds = grants.filter(({ verbs }) => verbs.includes('bind'))
  t.ok(binds.every(({ name, verbs }) => name === 'identity-controller' && verbs.length === 1))
  t.strictSame(
    binds.flatMap(({ kind, resourceNames }) =>
      resourceNames?.map(role => `${kind.plural} ${role}`),
    ),
    [
      'clusterroles kradle-tenant-reader',
      'clusterroles kradle-admin',
      'clusterroles kradle-maintainer',
      'clusterroles kradle-member',
      'clusterroles kradle-viewer',
    ],
  )
})

t.test('only the controller of a kind writes its status', async t => {
  const status = grants.filter(({ subresource }) => subresource === 'status')
  const kinds = status.map(({ kind }) => kind.plural)
  t.equal(new Set(kinds).size, kinds.length, 'no kind has two')
  t.strictSame(
    status.filter(({ name }) => name === 'identity-controller').map(({ kind }) => kind.plural),
    [
      'organizations',
      'orgnamespacebindings',
      'users',
      'teams',
      'invites',
      'identitymappings',
      'authproviders',
    ],
  )
})

t.test(
  'who tells about configuration reads that and what it names, and writes no more than status',
  async t => {
    const others = [
      'admission-controller',
      'apiserver',
      'grants-controller',
      'identity-controller',
      'policy-controller',
      'scan-controller',
      'webhook',
    ]
    const configuration = deployments([]).filter(({ name }) => !others.includes(name))
    t.equal(configuration.length, 9)
    for (const { name, grants: list } of configuration) {
      const own = list.filter(({ subresource }) => subresource === 'status').map(({ kind }) => kind)
      const read = list.filter(({ kind, subresource }) => kind.scope && !subresource)
      t.strictSame(new Set(read.flatMap(({ verbs }) => verbs)), new Set(['list', 'watch']), name)
      t.strictSame(
        new Set(read.map(({ kind }) => kind)),
        new Set(own.flatMap(kind => [kind, ...referencedKinds(kind)])),
        name,
      )
    }
  },
)

t.test(
  'policy-controller writes what is confined to a namespace, and watches definitions by name',
  async t => {
    const { grants: held } = deployments([]).find(({ name }) => name === 'policy-controller')!
    const writes = held.filter(
      ({ verbs, subresource, kind }) =>
        !subresource &&
        kind.group !== '' &&
        verbs.some(verb => !['get', 'list', 'watch'].includes(verb)),
    )
    const everywhere = writes.filter(({ namespace }) => !namespace)
    t.strictSame(
      new Set(everywhere.map(({ kind }) => kind)),
      new Set([
        ...namespacedPolicies,
        PolicyBinding,
        // For its finalizer.
        PolicyExceptionRequest,
      ]),
    )
    t.strictSame(
      new Set(
        writes
          .filter(({ namespace }) => namespace)
          .map(({ kind, namespace }) => `${kind.plural} ${namespace}`),
      ),
      new Set(['leases kradle-system', 'policyexceptions kradle-system']),
    )
    const definitions = held.filter(({ kind }) => kind === CustomResourceDefinition)
    t.ok(definitions.length > 0)
    t.ok(definitions.every(({ resourceNames }) => resourceNames?.length === 1))
  },
)

t.test('grants-controller holds what it lends to agents, and no more of it', async t => {
  const held = grants.filter(({ name }) => name === 'grants-controller')
  const holds = (verb: string, group: string, resource: string) =>
    held.some(
      ({ kind, subresource, verbs, namespace, resourceNames }) =>
        !namespace &&
        !resourceNames &&
        kind.group === group &&
        [kind.plural, ...(subresource ? [subresource] : [])].join('/') === resource &&
        verbs.includes(verb),
    )
  for (const { verb, group, resource } of permissionsOf(Object.values(roleTemplates).flat()))
    t.ok(holds(verb, group, resource), `${verb} ${group}/${resource}`)
  t.strictSame(
    held.filter(({ kind }) => kind.plural === 'secrets'),
    [],
    'Secrets it reads only where an organisation lets it',
  )
  t.notOk(held.some(({ verbs }) => verbs.includes('bind')))
})
