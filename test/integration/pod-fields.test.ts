import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { loadClient } from '#src/lib/client.ts'
import { knownFields } from '#src/permissions/pod-references.ts'

/** A schema of OpenAPI v3, as far as it says what a field holds. */
interface Schema {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly additionalProperties?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

const PREFIX = '#/components/schemas/'
const mentions = /secret|configmap/i

/** Every path under a schema whose last step is called after a Secret or ConfigMap. No schema of a PodSpec holds itself. */
function* mentioning(
  schemas: Readonly<Record<string, Schema>>,
  schema: Schema,
  path: string,
): Generator<string> {
  const { $ref, allOf = [], items, additionalProperties, properties = {} } = schema
  if ($ref) yield* mentioning(schemas, schemas[$ref.slice(PREFIX.length)]!, path)
  for (const part of allOf) yield* mentioning(schemas, part, path)
  if (items) yield* mentioning(schemas, items, `${path}[]`)
  if (typeof additionalProperties === 'object')
    yield* mentioning(schemas, additionalProperties, `${path}{}`)
  for (const [name, property] of Object.entries(properties)) {
    const field = path === '' ? name : `${path}.${name}`
    if (mentions.test(name)) yield field
    yield* mentioning(schemas, property, field)
  }
}

t.test('every field of a PodSpec that is about a Secret or ConfigMap is known', async t => {
  const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
  const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
  t.teardown(async () => {
    client.close()
    await controlPlane.stop()
  })
  const { components } = await client.raw<{ components: { schemas: Record<string, Schema> } }>({
    method: 'GET',
    path: '/openapi/v3/api/v1',
  })
  const spec = components.schemas['io.k8s.api.core.v1.PodSpec']
  const found = [...new Set(mentioning(components.schemas, spec!, ''))].toSorted()

  t.ok(found.includes('containers[].env[].valueFrom.secretKeyRef'), 'the walk gets that deep')
  t.strictSame(
    found.filter(path => !knownFields.includes(path)),
    [],
    'fields that src/permissions/pod-references.ts does not know',
  )
  t.strictSame(
    knownFields.filter(path => !found.includes(path)),
    [],
    'fields that no PodSpec has',
  )
})
