import t from 'tap'
import { isKept, isOurs, type Found } from '#hack/kind/left.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping, Organization } from '#src/api/identity/v1alpha1.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { CHART, drillOrganization, kindCluster, pullRequest, writable } from '#test/support/kind.ts'
import { mapping, until } from '#test/support/running.ts'

const cluster = kindCluster(t)
const { asked, client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

/** Everything that the API server has, of every kind that can be listed. */
async function everything(): Promise<Found[]> {
  const kinds = (await asked('api-resources', '--verbs=list', '-o', 'name')).split('\n')
  const found: Found[] = []
  for (const kind of kinds.filter(Boolean)) {
    if (/^(events|componentstatuses)\b|\.metrics\.k8s\.io$/.test(kind)) continue
    const list = await asked('get', kind, '-A', '-o', 'json', '--chunk-size=500')
    found.push(...(JSON.parse(list) as { items: Found[] }).items)
  }
  return found
}

const idOf = ({ kind, metadata: { namespace, name } }: Found) =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`

const OLDER = 'Of a version before this one.'
const suffix = Date.now().toString(36)
const kept = mapping(`kept-${suffix}`, slug)
const pull = pullRequest(`kept-${suffix}`, slug)

t.test('nothing but definitions and data is left after an uninstall', async t => {
  await client.create(IdentityMapping, kept)
  await client.create(PullRequest, pull)
  await cluster.uninstall()
  await until(
    'no Pod of it is left',
    async () => (await asked('get', 'pods', '-n', PLATFORM_NAMESPACE, '-o', 'name')).trim() === '',
    120,
  )
  const left = (await everything()).filter(
    found => isOurs(found) || found.metadata.namespace === PLATFORM_NAMESPACE,
  )
  const stray = left.filter(
    found => !isKept(found) && !/^(default|kube-root-ca\.crt)$/.test(found.metadata.name),
  )
  t.strictSame(stray.map(idOf).toSorted(), [])
  t.comment(`${left.length} objects are kept: definitions, organisations and what is in them`)
})

t.test('and nobody is in the way of what is left', async t => {
  const team = await cluster.kubectl('create', 'configmap', 'free', '-n', orgNamespace(slug))
  t.equal(team.code, 0, team.stderr)
  const gone = await cluster.kubectl('delete', 'configmap', 'free', '-n', orgNamespace(slug))
  t.equal(gone.code, 0, gone.stderr)
  await asked('create', 'namespace', 'kradle-drill-gone')
  await asked('delete', 'namespace', 'kradle-drill-gone', '--timeout=60s')
})

t.test('installed again, it has what it had', async t => {
  // As a version left it that is older than what is installed now.
  const at = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/description'
  const older = JSON.stringify([{ op: 'add', path: at, value: OLDER }])
  await asked('patch', 'crd', 'teams.kradle.a5c.ai', '--type=json', '-p', older)
  await cluster.upgrade(CHART, cluster.image)
  const path = '{.spec.versions[0].schema.openAPIV3Schema.properties.spec.description}'
  const now = await asked('get', 'crd', 'teams.kradle.a5c.ai', '-o', `jsonpath=${path}`)
  t.not(now, OLDER, 'the definitions are those of the chart')
  await cluster.settled()
  await writable(client, slug, 180)
  const organization = await client.get(Organization, slug, PLATFORM_NAMESPACE)
  t.ok(
    organization?.status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ),
  )
  t.ok(await client.get(IdentityMapping, kept.metadata.name, orgNamespace(slug)))
  t.equal(
    (await client.get(PullRequest, pull.metadata.name, orgNamespace(slug)))?.spec?.title,
    pull.spec.title,
  )
})
