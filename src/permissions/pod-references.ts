import { listOf, mapOf, textOf, type Untyped } from './untyped.ts'

export type Source = 'secret' | 'configmap'

/** How a key gets to where it is used: as a variable, as a file, with the pull of an image, or through a volume's driver. */
export type Way = 'env' | 'file' | 'pull' | 'driver'

/** One place in a Pod's spec that takes a key of a Secret or ConfigMap, or all of them. */
export interface Reference {
  readonly source: Source
  /** '' where the spec leaves it out. */
  readonly name: string
  /** undefined stands for every key, those that are added later too. */
  readonly key: string | undefined
  /** Dotted path, e.g. spec.containers[0].env[1].valueFrom.secretKeyRef. */
  readonly field: string
  readonly way: Way
  readonly optional: boolean
}

/** Nothing that works for a living has so many; the one who reads a Pod is not kept busy with more. */
export const MOST_REFERENCES = 512

/** A credential of the Pod's account that is put into a volume. */
export interface Token {
  readonly field: string
  readonly kind: 'serviceAccountToken' | 'podCertificate'
}

/** What a Pod has of the tokens of its account. */
export interface Tokens {
  readonly projected: readonly Token[]
  /** What the spec says of automounting; undefined leaves it to the account. */
  readonly automount: boolean | undefined
}

/** A field of a PodSpec that names a Secret or ConfigMap. */
interface Field {
  /** Its path from the spec; `[]` after a step means every item of that list. */
  readonly path: string
  readonly source: Source
  readonly way: Way
  /** Where in it the name stands. */
  readonly name: string
  /** Which keys are taken; undefined stands for all. */
  readonly keys: (node: Untyped) => readonly Key[]
}

interface Key {
  readonly key: string | undefined
  /** Its path from the field. */
  readonly at: string
}

const whole: readonly Key[] = [{ key: undefined, at: '' }]
const allKeys = () => whole
const oneKey = (node: Untyped): readonly Key[] => [{ key: textOf(node['key']), at: '' }]
const fixedKeys = (...keys: readonly string[]) => {
  const fixed = keys.map(key => ({ key, at: '' }))
  return () => fixed
}
/** No items, or an empty list of them, stands for all keys. */
const items = (node: Untyped): readonly Key[] => {
  const listed = listOf(node['items']).slice(0, MOST_REFERENCES + 1)
  return listed.length === 0
    ? whole
    : listed.map((item, index) => ({ key: textOf(mapOf(item)['key']), at: `.items[${index}]` }))
}

const ofContainers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap(
  (list): readonly Omit<Field, 'name'>[] => [
    { path: `${list}[].env[].valueFrom.secretKeyRef`, source: 'secret', way: 'env', keys: oneKey },
    {
      path: `${list}[].env[].valueFrom.configMapKeyRef`,
      source: 'configmap',
      way: 'env',
      keys: oneKey,
    },
    { path: `${list}[].envFrom[].secretRef`, source: 'secret', way: 'env', keys: allKeys },
    { path: `${list}[].envFrom[].configMapRef`, source: 'configmap', way: 'env', keys: allKeys },
  ],
)

/** The driver is given the whole Secret. */
const ofDrivers = [
  'cephfs.secretRef',
  'cinder.secretRef',
  'csi.nodePublishSecretRef',
  'flexVolume.secretRef',
  'iscsi.secretRef',
  'rbd.secretRef',
  'scaleIO.secretRef',
  'storageos.secretRef',
].map(
  path => ({ path: `volumes[].${path}`, source: 'secret', way: 'driver', keys: allKeys }) as const,
)

const fields: readonly Field[] = [
  ...ofContainers.map(field => ({ ...field, name: 'name' })),
  ...ofDrivers.map(field => ({ ...field, name: 'name' })),
  {
    path: 'volumes[].azureFile',
    source: 'secret',
    way: 'driver',
    name: 'secretName',
    keys: fixedKeys('azurestorageaccountname', 'azurestorageaccountkey'),
  },
  { path: 'volumes[].secret', source: 'secret', way: 'file', name: 'secretName', keys: items },
  { path: 'volumes[].configMap', source: 'configmap', way: 'file', name: 'name', keys: items },
  {
    path: 'volumes[].projected.sources[].secret',
    source: 'secret',
    way: 'file',
    name: 'name',
    keys: items,
  },
  {
    path: 'volumes[].projected.sources[].configMap',
    source: 'configmap',
    way: 'file',
    name: 'name',
    keys: items,
  },
  {
    path: 'imagePullSecrets[]',
    source: 'secret',
    way: 'pull',
    name: 'name',
    keys: fixedKeys('.dockerconfigjson'),
  },
]

/** Looks like a reference and is none: a file on the node. */
const harmless = ['volumes[].cephfs.secretFile']

const mentions = /secret|configmap/i

/**
 * Every path of a PodSpec at which something is called after a Secret or ConfigMap and
 * that we know of. A test compares it with the OpenAPI of the cluster.
 */
export const knownFields: readonly string[] = Object.freeze(
  [
    ...fields.flatMap(({ path, name }) => [path.replace(/\[\]$/, ''), `${path}.${name}`]),
    ...harmless,
  ]
    .filter(path => mentions.test(path.slice(path.lastIndexOf('.') + 1)))
    .toSorted(),
)

const steps = new Map(fields.map(({ path }) => [path, path.split('.')]))

/**
 * Every reference of a PodSpec to a Secret or ConfigMap, in the order of the fields above, up
 * to one more than MOST_REFERENCES: that one says that there are too many. Never throws,
 * whatever the spec is; what is not of the right type counts as a reference to nothing, which
 * nobody is granted.
 */
export function referencesOf(spec: unknown, path = 'spec'): readonly Reference[] {
  const found: Reference[] = []
  for (const { path: schemaPath, source, way, name, keys } of fields)
    for (const [value, field] of placesOf(spec, steps.get(schemaPath)!, path)) {
      const node = mapOf(value)
      const optional = node['optional'] === true
      for (const { key, at } of keys(node)) {
        found.push({ source, name: textOf(node[name]), key, field: field + at, way, optional })
        if (found.length > MOST_REFERENCES) return found
      }
    }
  return found
}

/** The tokens of a PodSpec: those that stand in its volumes, and what it says of automounting. Never throws. */
export function tokensOf(spec: unknown, path = 'spec'): Tokens {
  const projected: Token[] = []
  for (const kind of ['serviceAccountToken', 'podCertificate'] as const)
    for (const [, field] of placesOf(spec, ['volumes[]', 'projected', 'sources[]', kind], path))
      projected.push({ field, kind })
  const automount = mapOf(spec)['automountServiceAccountToken']
  return { projected, automount: typeof automount === 'boolean' ? automount : undefined }
}

/** Everything at the path, with where it stands; nothing and null are not there. */
function* placesOf(
  value: unknown,
  path: readonly string[],
  field: string,
  depth = 0,
): Generator<readonly [value: unknown, field: string]> {
  if (value === undefined || value === null) return
  const step = path[depth]
  if (step === undefined) yield [value, field]
  else if (!step.endsWith('[]'))
    yield* placesOf(mapOf(value)[step], path, `${field}.${step}`, depth + 1)
  else {
    const list = step.slice(0, -2)
    for (const [index, item] of listOf(mapOf(value)[list]).entries())
      yield* placesOf(item, path, `${field}.${list}[${index}]`, depth + 1)
  }
}
