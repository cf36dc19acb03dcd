import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Namespace } from '#src/api/core/v1.ts'
import { kinds } from '#src/api/kinds.ts'
import { resourceOf } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { unestablished, type Definition as Established } from '#src/install/established.ts'
import { shippedDefinitions } from '#src/install/shipped.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { loadClient } from '#src/lib/client.ts'
import { hookRunner } from '#test/support/hooks.ts'
import { until } from '#test/support/running.ts'

// The definitions on an upgrade: what Helm installed from crds/ long ago becomes what is shipped now, on the real API server.

interface Definition extends KubernetesObject {
  spec: {
    names: { shortNames?: string[]; kind: string; plural: string }
    versions: { schema: { openAPIV3Schema: { properties: Record<string, object> } } }[]
    conversion?: object
  }
}

const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
await client.create(Namespace, {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: PLATFORM_NAMESPACE },
})
const { hook, close } = await hookRunner(controlPlane)
t.teardown(async () => {
  close()
  client.close()
  await controlPlane.stop()
})

const NAME = 'views.kradle.a5c.ai'
const shipped = shippedDefinitions('.').find(({ metadata }) => metadata.name === NAME) as Definition
const read = async () => (await client.get(CustomResourceDefinition, NAME)) as Definition
const managers = async () =>
  ((await read()).metadata.managedFields as { manager: string; operation: string }[])
    .filter(entry => !('subresource' in entry))
    .map(({ manager, operation }) => `${manager} ${operation}`)

/** As an older version shipped it: with a short name, an annotation and a field that are gone by now. */
const older: Definition = {
  ...shipped,
  metadata: {
    ...shipped.metadata,
    annotations: { ...shipped.metadata.annotations, 'kradle.a5c.ai/old': 'yes' },
    labels: { old: 'yes' },
  },
  spec: {
    ...shipped.spec,
    names: { ...shipped.spec.names, shortNames: ['oldview'] },
    versions: shipped.spec.versions.map(version => ({
      ...version,
      schema: {
        openAPIV3Schema: {
          ...version.schema.openAPIV3Schema,
          properties: {
            ...version.schema.openAPIV3Schema.properties,
            old: { type: 'string' },
          },
        },
      },
    })),
  },
}
const { shortNames: _, ...namesWithout } = shipped.spec.names

let whole: Definition

t.test('makes all of them where there is none, and waits until they are served', async t => {
  const { code, errors } = await hook('hook-definitions')
  t.strictSame({ code, errors }, { code: 0, errors: [] })
  for (const kind of kinds) t.strictSame((await client.list(kind)).items, [], resourceOf(kind))
  whole = await read()
  t.ok(whole.spec.names.shortNames)
})

for (const operation of ['create', 'apply'] as const)
  t.test(`what Helm brought by ${operation} loses what is shipped no longer`, async t => {
    await client.delete(CustomResourceDefinition, NAME)
    while (await client.get(CustomResourceDefinition, NAME)) await sleep(100)
    const path = apiPath(CustomResourceDefinition, {})
    await (operation === 'create'
      ? client.raw({ method: 'POST', path, query: { fieldManager: 'helm' }, body: older })
      : client.apply(CustomResourceDefinition, older, { fieldManager: 'helm' }))
    const note = { metadata: { annotations: { 'example.com/note': 'mine' } } }
    await client.mergePatch(CustomResourceDefinition, { name: NAME }, note, {
      fieldManager: 'kubectl-annotate',
    })
    const edit = {
      spec: { names: { ...namesWithout, categories: ['all'], shortNames: ['edited'] } },
    }
    await client.mergePatch(CustomResourceDefinition, { name: NAME }, edit, {
      fieldManager: 'kubectl-edit',
    })

    const { code, errors } = await hook('hook-definitions')
    t.strictSame({ code, errors }, { code: 0, errors: [] })
    const after = await read()
    t.strictSame(after.spec, whole.spec, 'the spec is that of one that was always ours')
    t.strictSame(
      after.metadata.annotations,
      { ...whole.metadata.annotations, 'example.com/note': 'mine' },
      'what people noted on it stays',
    )
    t.notOk(after.metadata.labels?.['old'])
    t.strictSame((await managers()).toSorted(), ['kradle-install Apply', 'kubectl-annotate Update'])
  })

t.test('run again it changes nothing', async t => {
  const versions = async () =>
    (await client.list(CustomResourceDefinition)).items.map(
      ({ metadata: { name, resourceVersion } }) => `${name} ${resourceVersion}`,
    )
  const before = await versions()
  t.equal((await hook('hook-definitions')).code, 0)
  t.strictSame(await versions(), before)
})

t.test('says which is not established, and why', async t => {
  await client.delete(CustomResourceDefinition, NAME)
  while (await client.get(CustomResourceDefinition, NAME)) await sleep(100)
  const names = { ...shipped.spec.names, plural: 'rivals', singular: 'rival' }
  await client.create(CustomResourceDefinition, {
    ...shipped,
    metadata: { name: 'rivals.kradle.a5c.ai' },
    spec: { ...shipped.spec, names: { ...names, kind: 'Rival', listKind: 'RivalList' } },
  } as KubernetesObject)
  await until('its names are taken', async () => {
    const rival = await client.get<Established>(CustomResourceDefinition, 'rivals.kradle.a5c.ai')
    return unestablished(rival) === undefined
  })
  const { code, errors } = await hook('hook-definitions', '--timeout-seconds', '20')
  t.equal(code, 1)
  t.equal(errors.length, 1)
  t.match(
    errors[0],
    /^views\.kradle\.a5c\.ai: its names are not accepted: .*"kview" is already in use/,
  )

  await client.delete(CustomResourceDefinition, 'rivals.kradle.a5c.ai')
  t.equal((await hook('hook-definitions')).code, 0, 'and goes on once that is mended')
})

t.test('says which one the API server refuses, and does the rest', async t => {
  await client.mergePatch(
    CustomResourceDefinition,
    { name: NAME, subresource: 'status' },
    { status: { storedVersions: ['v1alpha0', 'v1alpha1'] } },
  )
  const { code, errors } = await hook('hook-definitions', '--timeout-seconds', '5')
  t.equal(code, 1)
  t.equal(errors.length, 1)
  t.match(errors[0], /^views\.kradle\.a5c\.ai: .*storedVersions/)
})
