import type { Logger } from '#src/lib/log.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from './resource.ts'
import { Conflict, NotFoundInStore, type Key } from './storage/store.ts'
import type { Storage } from './storage/open.ts'

/** Keys that are looked at together. */
const AT_ONCE = 200

/**
 * Deletes what has not changed for as long as its definition keeps it, and returns how much that was. What is held by a finalizer
 * stays: somebody has yet to do something about it. Watchers are told as of any deletion.
 */
export async function retire(
  storage: Pick<Storage, 'store' | 'unchanged'>,
  resources: readonly Resource[],
  log: Pick<Logger, 'info'>,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0
  for (const resource of resources) {
    const { seconds } = resource.retention
    if (seconds === undefined) continue
    let count = 0
    for (let after: Key | undefined; ;) {
      const keys = await storage.unchanged(resource, { seconds, limit: AT_ONCE, after }, signal)
      for (const key of keys) if (await removed(storage, resource, key, signal)) count++
      after = keys.at(-1)
      if (keys.length < AT_ONCE) break
    }
    if (count > 0) log.info({ resource: resource.kind.plural, count, seconds }, 'kept long enough')
    total += count
  }
  return total
}

async function removed(
  { store }: Pick<Storage, 'store'>,
  resource: Resource,
  key: Key,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const entry = await store.get(resource, key, signal)
  if (!entry) return false
  const object = JSON.parse(entry.json) as UnknownObject
  if ((object.metadata.finalizers ?? []).length > 0) return false
  try {
    await store.write(resource, { type: 'delete', object, expected: entry.resourceVersion }, signal)
    return true
  } catch (error) {
    // Somebody is busy with it after all.
    if (error instanceof Conflict || error instanceof NotFoundInStore) return false
    throw error
  }
}
