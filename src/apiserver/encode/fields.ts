import type { UnknownObject } from '#src/api/object.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import type { Resource } from '../resource.ts'
import { printed } from './jsonpath.ts'

/**
 * The values of an object that it can be selected by, under their paths as in `selectableFields` (`.spec.repository`);
 * '' for what is missing or null.
 */
export const fieldsOf = (
  { selectableFields }: Resource,
  object: UnknownObject,
): Readonly<Record<string, string>> =>
  Object.fromEntries(selectableFields.map(path => [path, textAt(object, path)]))

/** The labels of an object. */
export const labelsOf = (object: UnknownObject): Readonly<Record<string, string>> =>
  object.metadata.labels ?? {}

function textAt(object: UnknownObject, path: string): string {
  let value: unknown = object
  for (const name of path.slice(1).split('.')) {
    if (!isFields(value) || !Object.hasOwn(value, name)) return ''
    value = value[name]
  }
  return value === null ? '' : printed(value)
}
