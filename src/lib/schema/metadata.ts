import { forbidden, invalid, required, Shown, tooLong, type Cause } from './cause.ts'
import {
  keyFaults,
  labelFaults,
  prefixOfName,
  segmentFaults,
  segmentPrefixFaults,
  subdomainFaults,
  valueFaults,
} from './metadata-names.ts'
import { child } from './path.ts'
import { isFields, type Fields } from './structural.ts'

const MAX_ANNOTATIONS_BYTES = 256 * 1024

export interface MetadataOptions {
  readonly path: string
  readonly namespaced: boolean
  /** A new object has a DNS name. Stored and embedded ones are let have any that fits into a URL. */
  readonly names: 'dns' | 'segment'
  /** Embedded objects may go without. */
  readonly nameOptional?: boolean
}

/** What is wrong with decoded metadata: names, labels, annotations, owners, finalizers. */
export function metadataCauses(metadata: Fields, options: MetadataOptions): Cause[] {
  const { path } = options
  return [
    ...nameCauses(metadata, options),
    ...namespaceCauses(metadata, options),
    ...labelCauses(metadata['labels'] as Texts, child(path, 'labels')),
    ...annotationCauses(metadata['annotations'] as Texts, child(path, 'annotations')),
    ...ownerCauses(metadata['ownerReferences'] as Owners, child(path, 'ownerReferences')),
    ...finalizerCauses(metadata['finalizers'] as string[] | undefined, child(path, 'finalizers')),
  ]
}

type Texts = Record<string, string> | undefined
type Owners = readonly Fields[] | undefined

const faults = (path: string, value: string, says: readonly string[]): Cause[] =>
  says.map(fault => invalid(path, value, fault))

function nameCauses(metadata: Fields, { path, names, nameOptional }: MetadataOptions): Cause[] {
  const { name, generateName } = metadata as { name?: string; generateName?: string }
  const ofName = names === 'segment' ? segmentFaults : subdomainFaults
  const ofPrefix = names === 'segment' ? segmentPrefixFaults : prefixOfName(subdomainFaults)
  const at = child(path, 'name')
  return [
    ...(generateName
      ? faults(child(path, 'generateName'), generateName, ofPrefix(generateName))
      : []),
    ...(name ? faults(at, name, ofName(name)) : []),
    ...(name || nameOptional ? [] : [required(at, 'name or generateName is required')]),
  ]
}

/** A namespace that is left out is that of the request, which is not known here. */
function namespaceCauses(metadata: Fields, { path, namespaced }: MetadataOptions): Cause[] {
  const { namespace } = metadata as { namespace?: string }
  if (!namespace) return []
  const at = child(path, 'namespace')
  return namespaced
    ? faults(at, namespace, labelFaults(namespace))
    : [forbidden(at, 'not allowed on this type')]
}

const labelCauses = (labels: Texts, path: string): Cause[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...faults(path, key, keyFaults(key)),
    ...faults(path, value, valueFaults(value)),
  ])

function annotationCauses(annotations: Texts, path: string): Cause[] {
  const entries = Object.entries(annotations ?? {})
  const size = entries.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return [
    ...entries.flatMap(([key]) => faults(path, key, keyFaults(key.toLowerCase()))),
    ...(size > MAX_ANNOTATIONS_BYTES ? [tooLong(path, MAX_ANNOTATIONS_BYTES)] : []),
  ]
}

function ownerCauses(owners: Owners = [], path: string): Cause[] {
  const controllers = owners.filter(({ controller }) => controller === true)
  return [
    // The API server does not say which one.
    ...owners.flatMap(owner => {
      const empty = (name: string, says: string): Cause[] =>
        owner[name] === '' ? [invalid(child(path, name), '', says)] : []
      return [
        ...empty('apiVersion', 'version must not be empty'),
        ...empty('kind', 'must not be empty'),
        ...empty('name', 'must not be empty'),
        ...empty('uid', 'must not be empty'),
        // There are many of them, and they come and go.
        ...(owner['apiVersion'] === 'v1' && owner['kind'] === 'Event'
          ? [
              invalid(
                path,
                new Shown(JSON.stringify(inOrder(owner))),
                '/v1, Kind=Event is disallowed from being an owner',
              ),
            ]
          : []),
      ]
    }),
    ...controllers.slice(1).map(second => {
      const named = ({ kind, name }: Fields): string => `${String(kind)}/${String(name)}`
      return invalid(
        path,
        new Shown(JSON.stringify(owners.map(inOrder))),
        `Only one reference can have Controller set to true. Found "true" in references for ${named(controllers[0]!)} and ${named(second)}`,
      )
    }),
  ]
}

const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid', 'controller', 'blockOwnerDeletion']

/** As Go prints the type: its fields in their own order. */
const inOrder = (owner: Fields): Fields =>
  Object.fromEntries(
    OWNER_FIELDS.filter(name => Object.hasOwn(owner, name)).map(name => [name, owner[name]]),
  )

const EXCLUSIVE = ['foregroundDeletion', 'orphan']

function finalizerCauses(finalizers: readonly string[] = [], path: string): Cause[] {
  return [
    ...finalizers.flatMap(name => faults(path, name, keyFaults(name))),
    ...(EXCLUSIVE.every(name => finalizers.includes(name))
      ? [invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')]
      : []),
  ]
}

/** They are the API server's to write: a create starts without them. */
const OF_SERVER = [
  'uid',
  'selfLink',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]

/** The metadata of an object that is created. */
export const newMetadata = (metadata: Fields): Fields =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !OF_SERVER.includes(name)))

/** Of these, what the stored object has counts, whatever the new one says. */
const STAYS = ['generation', 'creationTimestamp', 'deletionTimestamp']
/** Of these, it counts where the new one says nothing. */
const CARRIED = ['uid', 'resourceVersion', 'deletionGracePeriodSeconds', 'namespace']

/** The metadata of an object that takes the place of a stored one. */
export const updatedMetadata = (metadata: Fields, old: Fields): Fields => ({
  ...only(old, CARRIED),
  ...metadata,
  ...only(old, STAYS),
})

const only = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))

const FIXED = ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds']

/** What may not change about stored metadata, and did. */
export function metadataUpdateCauses(metadata: Fields, old: Fields, path: string): Cause[] {
  const known = new Set(Array.isArray(old['finalizers']) ? old['finalizers'] : [])
  const added = ((metadata['finalizers'] ?? []) as string[]).filter(name => !known.has(name))
  return [
    ...(old['deletionTimestamp'] !== undefined && added.length > 0
      ? [
          forbidden(
            child(path, 'finalizers'),
            `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added
              .toSorted()
              .map(name => JSON.stringify(name))
              .join(', ')}}`,
          ),
        ]
      : []),
    ...FIXED.filter(name => metadata[name] !== old[name]).map(name =>
      invalid(child(path, name), metadata[name] ?? '', 'field is immutable'),
    ),
    // Asked of every metadata anyway; the API server does so again.
    ...labelCauses(metadata['labels'] as Texts, child(path, 'labels')),
    ...annotationCauses(metadata['annotations'] as Texts, child(path, 'annotations')),
    ...ownerCauses(metadata['ownerReferences'] as Owners, child(path, 'ownerReferences')),
  ]
}

/** The metadata of an object that has any. */
export const metadataOf = (object: Fields): Fields =>
  isFields(object['metadata']) ? object['metadata'] : {}
