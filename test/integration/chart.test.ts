import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { versions } from '#hack/versions.ts'
import { Namespace, Pod } from '#src/api/core/v1.ts'
import { deployments } from '#src/deployments.ts'
import { helm, objectsIn, type Rendered } from '#test/support/chart.ts'
import { running, until } from '#test/support/running.ts'

// The chart by the real Helm, and what it renders by the real API server. `UPDATE_GOLDEN=1` writes the golden files.

const { kubectl, client } = await running(t, { processes: [] })
const { template, lint } = await helm(versions.kubernetes)

const fixtures = 'test/fixtures/chart'
const sets = globSync(`${fixtures}/*.values.yaml`)
  .toSorted()
  .map(values => ({ values, name: basename(values, '.values.yaml') }))
const generatedIn = (...files: string[]) =>
  files.flatMap(file => objectsIn(readFileSync(`charts/kradle/files/${file}.yaml`, 'utf8')))
/** Accounts and rights: generated, checked where that is done, and the longest part by far. */
const rights = new Set([
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
])
const keyOf = ({ kind, metadata }: Rendered) =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}`
/** Helm has an order of its own. */
const ordered = (objects: readonly Rendered[]) =>
  objects.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
/** A password is drawn anew for each render. */
const steady = (object: Rendered) =>
  object.kind === 'Secret' ? { ...object, data: '(drawn anew)' } : object
const isHook = ({ metadata }: Rendered) => metadata.annotations?.['helm.sh/hook'] !== undefined
/** Kinds of operators that are not here. */
const isForeign = ({ apiVersion }: Rendered) =>
  /^(cert-manager\.io|monitoring\.coreos\.com)\//.test(apiVersion ?? '')

for (const { values, name } of sets)
  t.test(`${name}: is as it was looked at, and accepted by the API server`, async t => {
    t.match(await lint('-f', values), '0 chart(s) failed')
    const objects = objectsIn(await template('-f', values))
    const minimal = name === 'minimal'
    const found = ordered(objects.filter(({ kind }) => rights.has(kind)))
    t.strictSame(
      found.filter(each => !isHook(each) && each.metadata.name !== 'postgresql'),
      ordered(generatedIn('personas', 'rbac', ...(minimal ? [] : ['kyverno-rights']))).filter(
        ({ metadata }) => !minimal || !/^(kradle-)?apiserver$/.test(metadata.name),
      ),
      'all accounts and rights are as generated',
    )
    t.strictSame(
      found.filter(isHook).map(({ metadata: { annotations: _hook, ...metadata }, ...rest }) => ({
        ...rest,
        metadata,
      })),
      ordered(generatedIn('hooks')).filter(
        ({ metadata }) => !minimal || !/hook-catalogue/.test(metadata.name),
      ),
      'those of hooks too, and they go with them',
    )

    const golden = `${fixtures}/${name}.golden.yaml`
    const seen = objects
      .filter(({ kind }) => !rights.has(kind))
      .map(object => `---\n${stringify(steady(object), { aliasDuplicateObjects: false })}`)
      .join('')
    if (process.env['UPDATE_GOLDEN'] || !existsSync(golden)) writeFileSync(golden, seen)
    t.equal(seen, readFileSync(golden, 'utf8'))

    const list = { apiVersion: 'v1', kind: 'List', items: objects.filter(each => !isForeign(each)) }
    const flags = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict']
    const said = await kubectl(['apply', ...flags, '-f', '-'], list)
    t.equal(said.stderr, '')
    t.equal(said.code, 0)
  })

t.test('no Pod violates the restricted standard', async t => {
  const name = 'restricted'
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await client.create(Namespace, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  })
  const account = `kubectl get serviceaccount default -n ${name}`.split(' ').slice(1)
  await until('it has its account', async () => (await kubectl(account)).code === 0)
  const objects = objectsIn(await template('-f', `${fixtures}/evaluation.values.yaml`))
  const templates = objects.flatMap(({ kind, metadata, spec }) => {
    const found = spec?.['template'] as { spec: { volumes?: object[] } } | undefined
    const claims = (spec?.['volumeClaimTemplates'] ?? []) as Rendered[]
    const volumes = claims.map(claim => ({
      name: claim.metadata.name,
      persistentVolumeClaim: { claimName: 'any' },
    }))
    return found
      ? [
          {
            name: `${kind.toLowerCase()}-${metadata.name}`,
            spec: { ...found.spec, volumes: [...(found.spec.volumes ?? []), ...volumes] },
          },
        ]
      : []
  })
  t.equal(templates.length, deployments([]).length + 1 + 3, 'Deployments, PostgreSQL and hooks')
  for (const each of templates)
    await t.resolves(
      client.create(Pod, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: each.name, namespace: name },
        // Account and class are of kradle-system, and not what this is about.
        spec: { ...each.spec, serviceAccountName: 'default', priorityClassName: undefined },
      }),
      each.name,
    )
  await t.rejects(
    client.create(Pod, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'open', namespace: name },
      spec: { containers: [{ name: 'open', image: 'open' }] },
    }),
    { message: /violates PodSecurity "restricted/ },
    'others are refused',
  )
})

t.test('every Deployment is there, under its own account', async t => {
  const objects = objectsIn(await template('-f', `${fixtures}/evaluation.values.yaml`))
  const found = objects.filter(({ kind }) => kind === 'Deployment')
  t.strictSame(
    found.map(({ metadata }) => metadata.name).toSorted(),
    deployments([])
      .map(({ name }) => name)
      .toSorted(),
  )
  for (const { metadata, spec } of found)
    t.match(spec, { template: { spec: { serviceAccountName: metadata.name } } }, metadata.name)
})

t.test('rights: no wildcard, no impersonation, no Secrets of everybody', async t => {
  const objects = [
    ...objectsIn(await template('-f', `${fixtures}/evaluation.values.yaml`)),
  ] as (Rendered & { rules?: Rule[] })[]
  for (const { kind, metadata, rules = [] } of objects)
    for (const { apiGroups = [], resources = [], verbs, resourceNames } of rules) {
      const what = `${kind}/${metadata.name}: ${resources.join()} ${verbs.join()}`
      t.notOk([...apiGroups, ...resources, ...verbs].includes('*'), what)
      t.notOk(verbs.includes('impersonate') || verbs.includes('escalate'), what)
      // Bound in the namespaces of organisations and nowhere else, and one at a time.
      if (kind === 'ClusterRole' && resources.includes('secrets') && !PERSONAS.test(metadata.name))
        t.ok(metadata.name === 'kradle-tenant-reader' && String(verbs) === 'get', what)
      if (kind === 'Role' && resources.includes('secrets') && verbs.some(verb => verb !== 'create'))
        t.ok(resourceNames?.length, what)
    }
})

interface Rule {
  readonly apiGroups?: string[]
  readonly resources?: string[]
  readonly resourceNames?: string[]
  readonly verbs: string[]
}

const PERSONAS = /^kradle-(viewer|member|maintainer|admin|platform-admin)$/

t.test('what a Deployment says itself counts instead of the defaults', async t => {
  const values = {
    defaults: {
      resources: { limits: { cpu: '500m' } },
      nodeSelector: { pool: 'control' },
      affinity: { podAffinity: {} },
      podAnnotations: { a: 'b' },
    },
    deployments: {
      webhook: { affinity: {}, podAnnotations: {}, nodeSelector: { disk: 'fast' } },
      'policy-controller': { resources: { limits: {} } },
      'hooks-controller': { resources: { requests: { cpu: 1 } } },
    },
  }
  const objects = objectsIn(
    await template(
      '-f',
      `${fixtures}/evaluation.values.yaml`,
      ...Object.entries(values).flatMap(([key, value]) => [
        '--set-json',
        `${key}=${JSON.stringify(value)}`,
      ]),
    ),
  )
  const podOf = (name: string, kind = 'Deployment') => {
    const found = objects.find(each => each.kind === kind && each.metadata.name === name)
    const { metadata, spec } = found!.spec!['template'] as PodTemplate
    return { ...spec, annotations: metadata.annotations, resources: spec.containers[0]!.resources }
  }
  const webhook = podOf('webhook')
  t.strictSame(webhook.nodeSelector, { disk: 'fast' })
  t.strictSame([webhook.affinity, webhook.annotations], [undefined, undefined])
  t.strictSame(webhook.resources.limits, { memory: '512Mi' }, 'no limit of the defaults is added')
  t.strictSame(podOf('policy-controller').resources.limits, {})
  t.match(podOf('policy-controller').resources.requests, { cpu: '10m' })
  t.match(podOf('hooks-controller').resources, { requests: { cpu: 1 }, limits: { cpu: '500m' } })
  for (const other of [podOf('postgresql', 'StatefulSet'), podOf('hook-uninstall', 'Job')])
    t.match(other, { nodeSelector: { pool: 'control' }, annotations: { a: 'b' } })
})

interface PodTemplate {
  readonly metadata: { readonly annotations?: object }
  readonly spec: {
    readonly nodeSelector?: object
    readonly affinity?: object
    readonly containers: readonly {
      readonly resources: { readonly limits?: object; readonly requests?: object }
    }[]
  }
}

t.test('what cannot be is said, with the way out', async t => {
  const refused = async (message: RegExp, ...flags: string[]) =>
    t.rejects(
      template('-f', `${fixtures}/evaluation.values.yaml`, ...flags),
      { message },
      flags.join(' '),
    )
  const set = (value: string) => ['--set', value]
  await refused(/kradle-system and no other.*rather than "other"/, '--namespace', 'other')
  await refused(/both existingSecret.name and/, ...set('postgresql.existingSecret.name=a'))
  await refused(/nobody would use it/, ...set('activity.enabled=false'))
  await refused(
    /need a PostgreSQL.*activity.enabled=false/,
    ...set('postgresql.evaluation.enabled=false'),
  )
  await refused(/tag/, ...set('image.tag=latest'))
  await refused(/unknown/, ...set('unknown=true'))
  await refused(/webhoook/, ...set('deployments.webhoook.replicas=3'))
  await refused(/exemptNamespaces/, ...set('admission.exemptNamespaces={kradle-org-acme}'))
  await refused(/exemptNamespaces/, ...set('admission.exemptNamespaces={kradle-system}'))
  await refused(/failurePolicies/, ...set('admission.failurePolicies.a=Sometimes'))
  await refused(/failurePolicies/, ...set('admission.failurePolicies.a=Ignore'))
  await refused(
    /failurePolicies/,
    ...set(String.raw`admission.failurePolicies.mutate\.kradle\.a5c\.ai=No`),
  )
  await refused(/repository/, ...set('image.repository=foo/bar:latest'))
  await refused(/podSecurityContext/, ...set('podSecurityContext.runAsNonRoot=false'))
  await refused(/tag/, ...set('postgresql.evaluation.image.tag='))
  await refused(/issuerRef/, ...set('admission.certManager.issuerRef.kind=Issuer'))
  await refused(
    /podLabels/,
    ...set(String.raw`defaults.podLabels.app\.kubernetes\.io/component=webhook`),
  )
})
