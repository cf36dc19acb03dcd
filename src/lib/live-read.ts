import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { LiveRead } from './cached-cluster.ts'
import type { CallOptions } from './calls.ts'
import type { Client } from './client.ts'
import type { Lookup } from './cluster.ts'
import { keysOnly } from './keys-only.ts'
import type { Reflector } from './reflector.ts'

/** What reads one object. */
export type Reader = Pick<Client, 'find' | 'get' | 'metadata'>

/** A watch, as far as it tells what may be listed. */
export type Followed = Pick<Reflector, 'selection'>

/** One object to be read, or as much of it as somebody may see. */
export interface Wanted extends Omit<Lookup, 'part'> {
  readonly part?: Lookup['part'] | 'metadata' | undefined
}

/** Reads objects as the API server has them now; of each, no more than its lookup asks for goes any further. */
export const readLive = (
  client: Reader,
  lookups: Iterable<Lookup>,
  followed: (kind: Kind) => readonly Followed[],
  options: CallOptions,
): Promise<LiveRead[]> =>
  Promise.all(
    [...lookups].map(async lookup => ({
      ...lookup,
      object: await readOne(client, lookup, options, followed(lookup.kind)),
    })),
  )

/**
 * One object as the API server has it now. What is `followed` may be listed, and is read by that right, and no right to
 * `get`: as fresh, but up to 100 ms later, since such a list waits until the API server's cache has caught up.
 */
export async function readOne(
  client: Reader,
  wanted: Wanted,
  options: CallOptions,
  followed: readonly Followed[] = [],
): Promise<KubernetesObject | undefined> {
  const { kind, name, namespace, part } = wanted
  const isMetadata = part === 'metadata'
  const object = followed.some(({ selection }) => covers(selection, wanted))
    ? await client.find(kind, name, namespace, { ...options, ...(isMetadata && { part }) })
    : isMetadata
      ? await client.metadata(kind, name, namespace, options)
      : await client.get(kind, name, namespace, options)
  if (!object || !part) return object
  return isMetadata ? presence(object) : keysOnly(object)
}

const covers = (selection: Reflector['selection'], { name, namespace }: Wanted): boolean =>
  (selection.namespace === undefined || selection.namespace === namespace) &&
  (selection.fieldSelector === undefined || selection.fieldSelector === `metadata.name=${name}`)

/** Annotations go at once: kubectl keeps a copy of the whole object in one, values of Secrets too. */
function presence(object: KubernetesObject): KubernetesObject {
  delete object.metadata.annotations
  return object
}
