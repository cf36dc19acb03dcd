import type { KubernetesObject } from '#src/api/object.ts'
import { jsonEqual } from './json-diff.ts'
import { isFields } from './schema/structural.ts'
import { isAppliedBy, type ManagedFields } from './slim.ts'

/**
 * Whether applying `desired` once more would change nothing: all of it stands in the
 * live object, and the fields that the manager has there are these and no others.
 * Needs the manager's entry in metadata.managedFields; without one the answer is no.
 */
export function isApplied(
  live: KubernetesObject,
  desired: KubernetesObject,
  manager: string,
): boolean {
  const entry = live.metadata.managedFields?.find(isAppliedBy(manager)) as ManagedFields | undefined
  return entry !== undefined && contains(live, desired) && owns(entry.fieldsV1, ownable(desired))
}

/** Whether every field of `wanted` stands in `live`. Lists must be of the same length: an item too much is drift. */
export function contains(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, index) => contains(live[index], item))
    )
  if (!isFields(wanted)) return jsonEqual(live, wanted)
  return isFields(live) && keysOf(wanted).every(key => contains(live[key], wanted[key]))
}

/** The object without what nobody is ever recorded as the manager of. */
function ownable(object: KubernetesObject): object {
  const { labels, annotations, finalizers, ownerReferences } = object.metadata
  const metadata = { labels, annotations, finalizers, ownerReferences }
  return { ...object, apiVersion: undefined, kind: undefined, metadata }
}

/**
 * Whether a set of fields (FieldsV1) is what applying `wanted` yields. A step too much
 * is something no longer wanted; one too few was taken over by somebody else, who
 * may have put more into a map that counts as one value.
 */
function owns(fields: unknown, wanted: unknown): boolean {
  if (!isFields(fields)) return false
  const steps = Object.keys(fields).filter(step => step !== '.')
  if (steps.length === 0) return true
  const size = Array.isArray(wanted) ? wanted.length : isFields(wanted) ? keysOf(wanted).length : 0
  return (
    steps.length === size &&
    steps.every(step => {
      const value = at(wanted, step)
      return value !== undefined && owns(fields[step], value)
    })
  )
}

/** What stands under one step of FieldsV1: `f:<field>`, `k:<keys of a list item>`, `v:<value of a set>`. */
function at(value: unknown, step: string): unknown {
  const name = step.slice(2)
  if (isFields(value)) return value[name]
  const key: unknown = JSON.parse(name)
  return (value as unknown[]).find(item =>
    step.startsWith('v:') ? jsonEqual(item, key) : contains(item, key),
  )
}

const keysOf = (map: Record<string, unknown>): string[] =>
  Object.keys(map).filter(key => map[key] !== undefined)
