import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '../resource.ts'

type Texts = Readonly<Record<string, string>>

export const labelsOf = (object: UnknownObject): Texts => object.metadata.labels ?? {}

/** The value of every selectable field by its path, as kube-apiserver prints it; '' where there is none. */
export const fieldsOf = ({ selectableFields }: Resource, object: UnknownObject): Texts =>
  Object.fromEntries(selectableFields.map(path => [path, printed(at(object, path))]))

function at(object: UnknownObject, path: string): unknown {
  let value: unknown = object
  for (const step of path.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return value
}

/** Definitions allow strings, booleans and integers alone. */
const printed = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : ''
