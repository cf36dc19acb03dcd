import type { KubernetesObject } from '#src/api/object.ts'
import { isFields } from '#src/lib/schema/structural.ts'

type Grant = KubernetesObject & { spec?: unknown; status?: unknown }

/**
 * A grant as small as decisions allow: there may be a hundred thousand of them in memory.
 * Nobody decides on their status, labels, annotations and owners. Changes its argument;
 * the parts of its spec may be those of another grant, and must not be changed any more.
 */
export function lean<T extends Grant>(object: T): T {
  const { name, namespace, uid, resourceVersion, deletionTimestamp } = object.metadata
  object.metadata = {
    name,
    ...(namespace !== undefined && { namespace: shared(namespace) }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  }
  delete object.status
  object.apiVersion = shared(object.apiVersion)
  object.kind = shared(object.kind)
  if (isFields(object.spec))
    for (const [field, value] of Object.entries(object.spec)) object.spec[field] = shared(value)
  return object
}

/**
 * Equal parts kept once: a hundred thousand grants mostly say the same few things again and
 * again. Begun anew when full, or tenants could fill it for good.
 */
const parts = new Map<string, unknown>()
const MOST_PARTS = 65_536

function shared<T>(part: T): T {
  const text = JSON.stringify(part)
  const known = parts.get(text)
  if (known !== undefined) return known as T
  if (parts.size === MOST_PARTS) parts.clear()
  parts.set(text, part)
  return part
}
