import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { put } from './json-patch.ts'

/**
 * Applies a JSON Merge Patch (RFC 7386); what is given is not changed. As the library of kube-apiserver does it: a list in
 * place of an object keeps the nulls that are within its items.
 */
export function mergePatch(document: Fields, patch: Fields): Fields {
  const merged = { ...document }
  for (const [name, value] of Object.entries(patch)) {
    const current = Object.hasOwn(document, name) ? document[name] : undefined
    if (value === null) delete merged[name]
    else if (isFields(current))
      put(merged, name, isFields(value) ? mergePatch(current, value) : value)
    else put(merged, name, withoutNulls(value))
  }
  return merged
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isFields(value)) return value
  const kept: Fields = {}
  for (const [name, item] of Object.entries(value))
    if (item !== null) put(kept, name, withoutNulls(item))
  return kept
}
