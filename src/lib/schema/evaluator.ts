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
import { prune } from './prune.ts'
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

/** A compiled definition. */
export interface Evaluator {
  /**
   * What a create of the object would come to; with `old`, which is the stored object, an update. A status stays as it
   * is stored. What is asked about is not changed.
   */
  readonly admit: (object: unknown, old?: unknown) => Verdict
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

interface Decoded {
  readonly object: Fields
  readonly strict: readonly string[]
}

/** Reads, fills in and prunes, in the order of the API server. */
function decode(value: unknown, { root, apiVersion, kind }: Type): Decoded {
  if (!isFields(value)) throw new Undecodable('the object must be an object')
  for (const [name, expected] of Object.entries({ apiVersion, kind }))
    if (value[name] !== expected)
      throw new Undecodable(`${name} ${JSON.stringify(value[name])} must be "${expected}"`)
  const object = structuredClone(value)
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

function created({ object, strict }: Decoded, type: Type): Verdict {
  if (type.hasStatus) delete object['status']
  object['metadata'] = newMetadata(metadataOf(object))
  const named = withName(object)
  const { namespaced } = type
  const causes = [
    ...metadataCauses(metadataOf(named), { path: 'metadata', namespaced, names: 'dns' }),
    ...validate(named, type.root),
    ...scaleCauses(named, type.scale),
    ...embeddedCauses(named, type.root),
    ...duplicates(named, type.root),
  ]
  return { object, strict, causes: withRules(causes, type, () => ruleCauses(named, type.root)) }
}

function updated({ object, strict }: Decoded, old: Fields, type: Type): Verdict {
  if (type.hasStatus) {
    if (Object.hasOwn(old, 'status')) object['status'] = structuredClone(old['status'])
    else delete object['status']
  }
  const metadata = updatedMetadata(metadataOf(object), metadataOf(old))
  object['metadata'] = metadata
  const { root, namespaced } = type
  const correlation = new Correlation(object, old, root)
  const causes = [
    ...metadataCauses(metadata, { path: 'metadata', namespaced, names: 'segment' }),
    ...metadataUpdateCauses(metadata, metadataOf(old), 'metadata'),
    ...validate(object, root, '', correlation),
    ...scaleCauses(object, type.scale),
    ...embeddedCauses(object, root),
    // A list that was wrong before may stay so.
    ...(duplicates(old, root).length === 0 ? duplicates(object, root) : []),
  ]
  return {
    object,
    strict,
    causes: withRules(causes, type, () => ruleCauses(object, root, old, correlation)),
  }
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
