import type { UnknownObject } from '#src/api/object.ts'
import type { ApiRequest } from '../request.ts'
import type { ClaimTaken, Entry } from '../storage/store.ts'
import type { WriteDeps } from './deps.ts'
import { claimTaken } from './errors.ts'

/**
 * Whoever stands in the way, where what he claimed does not count any more: time alone has changed that, which writes nothing.
 * Undefined where he is gone. Throws StatusError 409 where he still holds it.
 */
export async function lapsedHolder(
  { store, hooks, clock }: Pick<WriteDeps, 'store' | 'hooks' | 'clock'>,
  { resource, namespace, signal }: ApiRequest,
  name: string,
  { holder }: ClaimTaken,
): Promise<Entry | undefined> {
  const entry = await store.get(resource, { namespace, name: holder }, signal)
  if (!entry) return undefined
  const object = JSON.parse(entry.json) as UnknownObject
  if (hooks(resource)?.claim?.(object, new Date(clock())) !== undefined)
    throw claimTaken(resource.kind, name, holder)
  return entry
}
