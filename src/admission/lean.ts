import type { KubernetesObject } from '#src/api/object.ts'
import { slim } from '#src/lib/slim.ts'

/**
 * A grant as small as decisions allow: there may be a hundred thousand of them in memory.
 * Nobody decides on their status, annotations and owners. Changes its argument.
 */
export function lean<T extends KubernetesObject & { status?: unknown }>(object: T): T {
  slim(object)
  delete object.status
  const { metadata } = object
  const { name, namespace, uid, resourceVersion, deletionTimestamp } = metadata
  object.metadata = {
    name,
    ...(namespace !== undefined && { namespace: shared(namespace) }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  }
  return share(object)
}

/**
 * Equal texts kept once: what the parser makes of a hundred thousand grants is mostly the
 * same few names again and again. Begun anew when full, or tenants could fill it for good.
 */
const texts = new Map<string, string>()
const MOST_TEXTS = 65_536

function shared(text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  if (texts.size === MOST_TEXTS) texts.clear()
  texts.set(text, text)
  return text
}

function share<T>(value: T): T {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) value[index] = sharedIn(item)
  else if (typeof value === 'object' && value !== null) {
    const map = value as Record<string, unknown>
    for (const key of Object.keys(map)) if (key !== 'metadata') map[key] = sharedIn(map[key])
  }
  return value
}

const sharedIn = (value: unknown): unknown =>
  typeof value === 'string' ? shared(value) : share(value)
