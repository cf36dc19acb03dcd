import { jsonClone } from '#src/lib/json-clone.ts'
import { isBlocking, invalid, type Cause } from './cause.ts'
import { compileSchema, Uncompilable } from './compile.ts'
import { Correlation } from './correlation.ts'
import { dropNulls, fillIn } from './default.ts'
import type { Definition, Scale } from './definition.ts'
import { decodeEmbedded, embeddedCauses } from './embedded.ts'
import { duplicates } from './list-types.ts'
import { decodeMetadata, Undecodable } from './metadata-decode.ts'
import {
  metadataCauses,
  metadataOf,
  metadataUpdateCauses,
  newMetadata,
  updatedMetadata,
} from './metadata.ts'
import { META_FIELDS, prune } from './prune.ts'
import { ruleCauses } from './rules.ts'
import { scaleCauses } from './scale.ts'
import { isFields, type Fields, type Structural } from './structural.ts'
import { validate } from './validate.ts'

/** What the API server would make of an object. */
export interface Verdict {
  /** The object as it would be stored: pruned, with its defaults, without what the API server writes itself. */
  readonly object: Fields
  /** Why it would be refused (422); none means that it is accepted. */
  readonly causes: readonly Cause[]
  /** What `fieldValidation=Strict` refuses it for (400), e.g. `unknown field "spec.colour"`. */
  readonly strict: readonly string[]
  /** Why it cannot be read at all (400); then nothing else was looked at. */
  readonly undecodable?: string
}

/** An object as it is read: pruned and filled in. */
export interface Decoded {
  readonly object: Fields
  /** What the schema does not know, e.g. `unknown field "spec.colour"`. */
  readonly strict: readonly string[]
}

/** A compiled definition. */
export interface Evaluator {
  /**
   * What a create of the object would come to; with `old`, which is the stored object, an update. A status stays as it
   * is stored. What is asked about is not changed.
   */
  readonly admit: (object: unknown, old?: unknown) => Verdict
  /**
   * The first half of `admit`: reads, prunes and fills in. Of an object that says it is of another kind only the metadata is
   * read; of another version of this one, nothing else is left. Throws `Undecodable`.
   */
  readonly decode: (object: unknown) => Decoded
  /** The second half of `admit`: why a decoded object, metadata of the server included, may not be created. */
  readonly createCauses: (object: Fields) => readonly Cause[]
  /** Why it may not take the place of `old`, each cause as often as the API server names it. */
  readonly updateCauses: (object: Fields, old: Fields) => readonly Cause[]
  /** Why it may not take the place of `old`, from which it differs in its status at most. */
  readonly statusCauses: (object: Fields, old: Fields) => readonly Cause[]
  /**
   * Why a stored object could not come to be as it is, for whoever looks through what is there: an update that changes
   * nothing, but without mercy for what was wrong before. Rules about a change see none, and so have nothing to say.
   */
  readonly keptCauses: (object: Fields) => readonly Cause[]
}

/**
 * Compiles one version of a definition, the first where none is named. Throws `Uncompilable` where the definition has
 * anything that cannot be evaluated exactly as kube-apiserver does.
 */
export function compile({ spec }: Definition, version?: string): Evaluator {
  const served = spec.versions.find(({ name }) => version === undefined || name === version)
  const schema = served?.schema?.openAPIV3Schema
  if (!served || !schema)
    throw new Uncompilable([`there is no schema of version ${version ?? 'any'}`])
  const root = compileSchema(schema)
  const type: Type = {
    root,
    apiVersion: `${spec.group}/${served.name}`,
    kind: spec.names.kind,
    namespaced: spec.scope === 'Namespaced',
    hasRules: hasRules(root),
    scale: served.subresources?.scale,
    hasStatus: served.subresources?.status !== undefined,
  }
  return {
    admit(object, old) {
      try {
        const decoded = decode(object, type)
        return old === undefined
          ? created(decoded, type)
          : updated(decoded, decode(old, type).object, type)
      } catch (error) {
        if (!(error instanceof Undecodable)) throw error
        return { object: {}, causes: [], strict: [], undecodable: error.message }
      }
    },
    decode: object => (isOfType(object, type) ? decode(object, type) : decodeForeign(object, type)),
    createCauses: object => createCauses(object, type),
    updateCauses: (object, old) => [
      ...commonCauses(object, old, type),
      ...updateCauses(object, old, type),
    ],
    statusCauses: (object, old) => [
      ...commonCauses(object, old, type),
      ...statusCauses(object, old, type),
    ],
    keptCauses: object => keptCauses(object, type),
  }
}

interface Type {
  readonly root: Structural
  readonly apiVersion: string
  readonly kind: string
  readonly namespaced: boolean
  readonly hasRules: boolean
  readonly scale: Scale | undefined
  readonly hasStatus: boolean
}

/** Reads, fills in and prunes, in the order of the API server. */
function decode(value: unknown, { root, apiVersion, kind }: Type): Decoded {
  if (!isFields(value)) throw new Undecodable('the object must be an object')
  for (const [name, expected] of Object.entries({ apiVersion, kind }))
    if (value[name] !== expected)
      throw new Undecodable(`${name} ${JSON.stringify(value[name])} must be "${expected}"`)
  const object = jsonClone(value)
  fillIn(object, root)
  const unknown: string[] = []
  const metadata = Object.hasOwn(object, 'metadata')
    ? decodeMetadata(object['metadata'], 'metadata', unknown)
    : undefined
  unknown.push(...prune(object, root))
  dropNulls(object, root)
  unknown.push(...decodeEmbedded(object, root))
  if (metadata) object['metadata'] = metadata
  return { object, strict: unknown.map(path => `unknown field "${path}"`) }
}

const isOfType = (value: unknown, { apiVersion, kind }: Type): boolean =>
  isFields(value) && value['apiVersion'] === apiVersion && value['kind'] === kind

function decodeForeign(value: unknown, { apiVersion, kind }: Type): Decoded {
  if (!isFields(value)) throw new Undecodable('the object must be an object')
  const object = jsonClone(value)
  const unknown: string[] = []
  if (Object.hasOwn(object, 'metadata'))
    object['metadata'] = decodeMetadata(object['metadata'], 'metadata', unknown)
  const group = apiVersion.replace(/[^/]*$/, '')
  // A version without a schema knows nothing.
  if (object['kind'] === kind && String(object['apiVersion']).startsWith(group))
    for (const name of Object.keys(object).toSorted()) {
      if (META_FIELDS.has(name)) continue
      delete object[name]
      unknown.push(name)
    }
  return { object, strict: unknown.map(path => `unknown field "${path}"`) }
}

function created({ object, strict }: Decoded, type: Type): Verdict {
  if (type.hasStatus) delete object['status']
  object['metadata'] = newMetadata(metadataOf(object))
  return { object, strict, causes: createCauses(withName(object), type) }
}

function updated({ object, strict }: Decoded, old: Fields, type: Type): Verdict {
  if (type.hasStatus) {
    if (Object.hasOwn(old, 'status')) object['status'] = jsonClone(old['status'])
    else delete object['status']
  }
  const metadata = updatedMetadata(metadataOf(object), metadataOf(old))
  object['metadata'] = metadata
  const { namespaced } = type
  return {
    object,
    strict,
    causes: once([
      ...metadataCauses(metadata, { path: 'metadata', namespaced, names: 'segment' }),
      ...updateCauses(object, old, type),
    ]),
  }
}

const once = (causes: readonly Cause[]): readonly Cause[] => [
  ...new Map(causes.map(cause => [JSON.stringify(cause), cause])).values(),
]

function createCauses(object: Fields, type: Type): readonly Cause[] {
  const { root, namespaced } = type
  const causes = [
    ...(typeCauses(object, type) ?? [
      ...metadataCauses(metadataOf(object), { path: 'metadata', namespaced, names: 'dns' }),
      ...validate(object, root),
      ...scaleCauses(object, type.scale),
    ]),
    ...embeddedCauses(object, root),
    ...duplicates(object, root),
  ]
  return withRules(causes, type, () => ruleCauses(object, root))
}

function keptCauses(object: Fields, type: Type): readonly Cause[] {
  const { root, namespaced } = type
  const causes = [
    ...(typeCauses(object, type) ?? [
      ...metadataCauses(metadataOf(object), { path: 'metadata', namespaced, names: 'segment' }),
      ...validate(object, root),
    ]),
    ...embeddedCauses(object, root),
    ...duplicates(object, root),
  ]
  return withRules(causes, type, () => ruleCauses(object, root, object))
}

/** What is asked of the metadata of every update, before the type has its say and asks part of it again. */
const commonCauses = (object: Fields, old: Fields, { namespaced }: Type): readonly Cause[] => [
  ...metadataCauses(metadataOf(object), { path: 'metadata', namespaced, names: 'segment' }),
  ...metadataUpdateCauses(metadataOf(object), metadataOf(old), 'metadata'),
]

function updateCauses(object: Fields, old: Fields, type: Type): readonly Cause[] {
  const { root } = type
  const correlation = new Correlation(object, old, root)
  const causes = [
    ...(typeCauses(object, type) ?? [
      ...metadataUpdateCauses(metadataOf(object), metadataOf(old), 'metadata'),
      ...validate(object, root, '', correlation),
      ...scaleCauses(object, type.scale),
    ]),
    ...embeddedCauses(object, root),
    ...newDuplicates(object, old, type),
  ]
  return withRules(causes, type, () => ruleCauses(object, root, old, correlation))
}

function statusCauses(object: Fields, old: Fields, type: Type): readonly Cause[] {
  const { root } = type
  const correlation = new Correlation(object, old, root)
  const schema = root.properties?.get('status')
  const causes = [
    ...metadataUpdateCauses(metadataOf(object), metadataOf(old), 'metadata'),
    ...(schema && Object.hasOwn(object, 'status')
      ? validate(object['status'], schema, '', correlation.field('status')).map(ofStatus)
      : []),
    ...scaleCauses(object, type.scale).filter(
      ({ field }) => field !== type.scale?.specReplicasPath,
    ),
    ...newDuplicates(object, old, type),
  ]
  return withRules(causes, type, () => ruleCauses(object, root, old, correlation))
}

/** A status is validated by itself, and so its fields are named from there on. */
const ofStatus = (cause: Cause): Cause => ({
  ...cause,
  field: cause.field === '<nil>' ? 'status' : `status.${cause.field}`,
})

/** A list that was wrong before may stay so. */
const newDuplicates = (object: Fields, old: Fields, { root }: Type): readonly Cause[] =>
  duplicates(old, root).length === 0 ? duplicates(object, root) : []

/** Nothing else is asked of an object of another type. */
function typeCauses(object: Fields, type: Type): readonly Cause[] | undefined {
  if (isOfType(object, type)) return undefined
  return (['kind', 'apiVersion'] as const)
    .filter(name => object[name] !== type[name])
    .map(name => invalid(name, object[name] ?? '', `must be ${type[name]}`))
}

/** Rules are asked of objects only whose types are right; where there are any, it is said that they were not. */
function withRules(
  causes: readonly Cause[],
  { hasRules }: Type,
  rules: () => readonly Cause[],
): readonly Cause[] {
  if (!hasRules) return causes
  return [...causes, ...(causes.some(isBlocking) ? [NOT_ASKED] : rules())]
}

const NOT_ASKED = invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

/** An object whose name is made up, with a name that stands for it. */
function withName(object: Fields): Fields {
  const { name, generateName } = metadataOf(object)
  return name || typeof generateName !== 'string'
    ? object
    : { ...object, metadata: { ...metadataOf(object), name: `${generateName.slice(0, 58)}xxxxx` } }
}

const hasRules = ({ rules, properties, additional, items }: Structural): boolean =>
  rules.length > 0 ||
  [...(properties?.values() ?? []), additional, items].some(
    node => node !== undefined && node !== true && hasRules(node),
  )
