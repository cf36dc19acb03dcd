import { execFile } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import { startControlPlane } from '#hack/local/control-plane.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { discovery } from '#src/apiserver/discovery/discovery.ts'
import { forms } from '#src/apiserver/encode/forms.ts'
import type { MetaVersion } from '#src/apiserver/encode/partial.ts'
import { fieldsOf } from '#src/apiserver/storage/selectable.ts'
import { loadClient } from '#src/lib/client.ts'
import type { Fields } from '#src/lib/schema/structural.ts'
import { plains, specimens } from '#test/fixtures/activity/objects.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'
import { until } from '#test/support/running.ts'

// The same definitions as CustomResourceDefinitions of another group in kube-apiserver, and what follows from them here. It
// has to be equal but for this:
// - `info` of OpenAPI documents, and lists of resources are in order here while CustomResourceDefinitions come in any;
// - the int64 that Go makes of a float beyond it, -2^63, has not all its digits in JavaScript.

const GROUP = 'activity.kradle.a5c.ai'
const SHADOW = 'activity.shadow.example.com'
const VERSION = `/apis/${SHADOW}/v1alpha1`
const FOLDER = 'test/fixtures/activity'

const folder = t.testdir({ home: {}, shadow: {} })
// Without Kradle: nothing of it is asked.
const controlPlane = await startControlPlane({ home: join(folder, 'home'), unsafeNoFsync: true })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
const stop: (() => unknown)[] = [() => controlPlane.stop(), () => client.close()]
t.teardown(async () => {
  for (const step of stop.toReversed()) await step()
})

const kubectl = async (...args: string[]): Promise<string> => {
  const all = ['--kubeconfig', controlPlane.adminKubeconfig, ...args]
  return (await promisify(execFile)(controlPlane.kubectl, all)).stdout
}

type Query = Readonly<Record<string, string>>

const get = (path: string, accept = 'application/json', query: Query = {}): Promise<Fields> =>
  client.raw({ method: 'GET', path, accept, query })

/** As it goes over the wire. */
const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

// The definitions under the name of the other group.
for (const file of globSync(`${FOLDER}/*.yaml`)) {
  const text = readFileSync(file, 'utf8').replaceAll(GROUP, SHADOW)
  writeFileSync(join(folder, 'shadow', basename(file)), text)
  const definition = {
    ...parse(text),
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
  }
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await client.raw({ method: 'POST', path, body: definition })
}
const resources = readDefinitions(join(folder, 'shadow'))
const ask = discovery(resources, [])
const asked = (path: string, accept?: string): Fields =>
  JSON.parse(ask(path, { accept })!.body) as Fields
const resourceOf = (kind: string) => resources.find(one => one.kind.kind === kind)!

await until('the definitions are served and published', async () => {
  const [list, v2, v3] = await Promise.all([
    get(VERSION).catch(() => ({ resources: [] })),
    get('/openapi/v2'),
    get(`/openapi/v3${VERSION}`).catch(() => ({ paths: {} })),
  ])
  const wanted = asked('/openapi/v2')
  return (
    (list['resources'] as unknown[]).length === 2 * resources.length &&
    [wanted, asked(`/openapi/v3${VERSION}`)].every((document, index) =>
      Object.keys(document['paths'] as Fields).every(
        path => path in ((index === 0 ? v2 : v3)['paths'] as Fields),
      ),
    )
  )
})

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

t.test('groups and resources are the same', async t => {
  const { resources: got, ...rest } = asked(VERSION)
  const { resources: want, ...wantRest } = await get(VERSION)
  t.strictSame(rest, wantRest)
  const byName = (list: unknown) =>
    (list as { name: string }[]).toSorted((a, b) => a.name.localeCompare(b.name))
  t.strictSame(byName(got), byName(want))
  t.strictSame(asked(`/apis/${SHADOW}`), await get(`/apis/${SHADOW}`))
  const groups = (await get('/apis'))['groups'] as { name: string }[]
  t.strictSame(
    asked('/apis')['groups'],
    groups.filter(({ name }) => name === SHADOW),
  )
  const { items, ...meta } = asked('/apis', AGGREGATED)
  const { items: all, ...wantMeta } = await get('/apis', AGGREGATED)
  t.strictSame(meta, wantMeta)
  const isShadow = ({ metadata }: { metadata: { name: string } }) => metadata.name === SHADOW
  t.strictSame(items, (all as { metadata: { name: string } }[]).filter(isShadow))
})

/** Of what kube-apiserver has, that which we have too. */
const common = (want: unknown, got: unknown): Fields =>
  Object.fromEntries(Object.entries(want as Fields).filter(([name]) => name in (got as Fields)))

t.test('OpenAPI documents are the same', async t => {
  const { info: _, ...v3 } = asked(`/openapi/v3${VERSION}`)
  const { info: __, ...wantV3 } = await get(`/openapi/v3${VERSION}`)
  t.strictSame(v3, wantV3)
  const v2 = asked('/openapi/v2')
  const wantV2 = await get('/openapi/v2')
  for (const part of ['paths', 'definitions', 'parameters']) {
    t.strictSame(v2[part], common(wantV2[part], v2[part]), part)
    t.ok(Object.keys(v2[part] as Fields).length >= 11, part)
  }
  const paths = Object.keys(wantV2['paths'] as Fields).filter(path => path.startsWith(VERSION))
  t.strictSame(Object.keys(v2['paths'] as Fields).toSorted(), paths.toSorted())
})

const TABLE = (version: MetaVersion) => `application/json;as=Table;v=${version};g=meta.k8s.io`
const PARTIAL = (kind: string, version: MetaVersion) =>
  `application/json;as=${kind};v=${version};g=meta.k8s.io`
const VERSIONS = ['v1', 'v1beta1'] as const

interface Listed extends Fields {
  metadata: { resourceVersion: string; continue: string; remainingItemCount?: number }
  items: UnknownObject[]
}

interface Table {
  readonly columnDefinitions: readonly { readonly type: string }[]
  readonly rows: readonly { readonly cells: unknown[] }[]
}

/** A table as it was asked for at some time between the two; only what dates show may depend on which. */
function sameTable(
  test: Pick<typeof t, 'strictSame'>,
  want: unknown,
  make: (now: number) => object,
  since: number,
): void {
  const early = wire(make(since)) as Table
  const late = wire(make(Date.now())) as Table
  late.rows.forEach(({ cells }, row) =>
    late.columnDefinitions.forEach(({ type }, column) => {
      const seen = (want as Table).rows[row]?.cells[column]
      if (type === 'date' && early.rows[row]?.cells[column] === seen) cells[column] = seen
    }),
  )
  test.strictSame(late, want)
}

t.test('objects look the same in every form', async t => {
  const all = [
    ['Specimen', 'specimens', specimens],
    ['Plain', 'plains', plains],
  ] as const
  for (const [kind, plural, bodies] of all) {
    const resource = resourceOf(kind)
    const path = `${VERSION}/namespaces/default/${plural}`
    for (const [name, { status, metadata, ...body }] of Object.entries(bodies)) {
      const object = {
        apiVersion: `${SHADOW}/v1alpha1`,
        kind,
        metadata: { ...metadata, name, namespace: 'default' },
        ...body,
      }
      const made = await client.create(resource.kind, object)
      if (!status) continue
      await client.raw({
        method: 'PUT',
        path: `${path}/${name}/status`,
        body: { ...made, status },
      })
    }
    const pages: readonly Query[] = [{}, { limit: '1' }, { labelSelector: 'none=none' }]
    for (const version of VERSIONS)
      for (const query of pages) {
        const { items, metadata } = (await get(path, 'application/json', query)) as Listed
        const listMeta = { ...metadata }
        for (const includeObject of ['None', 'Metadata', 'Object'] as const) {
          const since = Date.now()
          const want = await get(path, TABLE(version), { ...query, includeObject })
          const make = (now: number) =>
            forms.tableListOf(resource, items, listMeta, includeObject, { version, now })
          sameTable(t, want, make, since)
        }
        t.strictSame(
          wire(forms.partialListOf(items, listMeta, version)),
          await get(path, PARTIAL('PartialObjectMetadataList', version), query),
        )
      }
    for (const name of Object.keys(bodies)) {
      const object = (await get(`${path}/${name}`)) as UnknownObject
      for (const includeObject of ['None', 'Metadata', 'Object'] as const) {
        const since = Date.now()
        const want = await get(`${path}/${name}`, TABLE('v1'), { includeObject })
        sameTable(t, want, now => forms.tableOf(resource, object, includeObject, { now }), since)
      }
      t.strictSame(
        wire(forms.partialOf(object)),
        await get(`${path}/${name}`, PARTIAL('PartialObjectMetadata', 'v1')),
      )
    }
    t.comment(`${Object.keys(bodies).length} ${plural}, ${resource.columns.length} columns`)
  }
})

t.test('objects are selected by the same fields', async t => {
  const resource = resourceOf('Specimen')
  const path = `${VERSION}/namespaces/default/specimens`
  const { items } = (await get(path)) as Listed
  for (const field of resource.selectableFields) {
    const values = Map.groupBy(items, object => fieldsOf(resource, object)[field]!)
    t.ok(values.size > 1, field)
    for (const [value, objects] of values) {
      const fieldSelector = `${field.slice(1)}=${value}`
      const found = (await get(path, 'application/json', { fieldSelector })) as Listed
      const names = (list: readonly UnknownObject[]) => list.map(({ metadata }) => metadata.name)
      t.strictSame(names(objects), names(found.items), fieldSelector)
    }
  }
})

t.test('kube-apiserver and kubectl take it as it is', async t => {
  const own = readDefinitions(FOLDER)
  const answer = discovery(own, [namingReview])
  const server = await serve(answer)
  stop.push(() => server.close())
  const before = await get('/openapi/v2')
  await register((server.address() as AddressInfo).port)
  const name = 'ai.a5c.kradle.activity.v1alpha1.Specimen'
  await until('its OpenAPI is merged', async () =>
    Boolean(((await get('/openapi/v2'))['definitions'] as Fields)[name]),
  )
  const mine = JSON.parse(answer('/openapi/v2', {})!.body) as Fields
  const merged = await get('/openapi/v2')
  for (const part of ['definitions', 'parameters', 'paths']) {
    t.strictSame(common(merged[part], mine[part]), mine[part], `${part} of ours`)
    t.strictSame(common(merged[part], before[part]), before[part], `${part} of others`)
    const names = new Set([
      ...Object.keys(before[part] as Fields),
      ...Object.keys(mine[part] as Fields),
    ])
    t.strictSame(Object.keys(merged[part] as Fields).toSorted(), [...names].toSorted())
  }
  const path = `/openapi/v3/apis/${GROUP}/v1alpha1`
  await until('its OpenAPI v3 is passed on', () => get(path).catch(() => undefined))
  t.strictSame(await get(path), JSON.parse(answer(path, {})!.body))
  await until('its resources are known', async () => {
    const { items } = (await get('/apis', AGGREGATED)) as { items: { metadata: Fields }[] }
    return items.some(({ metadata }) => metadata['name'] === GROUP)
  })
  const { items } = (await get('/apis', AGGREGATED)) as unknown as { items: { metadata: Fields }[] }
  const found = items.filter(({ metadata }) => metadata['name'] === GROUP)
  const { items: ours } = JSON.parse(answer('/apis', { accept: AGGREGATED })!.body) as Fields
  t.strictSame(found, ours)
  const listed = await kubectl('api-resources', '--api-group', GROUP, '--no-headers', '-o', 'wide')
  t.match(listed, /^namingreviews +activity.kradle.a5c.ai\/v1alpha1 +true +NamingReview +create/m)
  t.match(listed, /^specimens +spm,spms .* kradle,activity$/m)
  const version = `--api-version=${GROUP}/v1alpha1`
  t.match(
    await kubectl('explain', 'specimens.spec.repository', version),
    /The name of a Repository/,
  )
  t.match(await kubectl('explain', 'plains.metadata.name', version), /Name must be unique/)
})

/** HTTP around the pure function, as far as this test needs it. */
async function serve(answer: ReturnType<typeof discovery>): Promise<https.Server> {
  const ca = await issueCa('shape', new Date())
  const leaf = { commonName: 'shape', usages: ['server' as const], dns: ['localhost'] }
  const server = https.createServer(await issueLeaf(ca, leaf, new Date()), (request, response) => {
    const { accept, 'if-none-match': known } = request.headers
    const { code, headers, body } = answer(request.url!, { accept, 'if-none-match': known }) ?? {
      code: 404,
      headers: {},
      body: '',
    }
    response.writeHead(code, headers).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function register(port: number): Promise<void> {
  await client.raw({
    method: 'POST',
    path: '/api/v1/namespaces/default/services',
    body: {
      metadata: { name: 'shape' },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    },
  })
  await client.raw({
    method: 'POST',
    path: '/apis/apiregistration.k8s.io/v1/apiservices',
    body: {
      metadata: { name: `v1alpha1.${GROUP}` },
      spec: {
        group: GROUP,
        version: 'v1alpha1',
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 1000,
        versionPriority: 15,
        service: { name: 'shape', namespace: 'default', port },
      },
    },
  })
}
