import type { UnknownObject } from '#src/api/object.ts'
import { capped } from './cap.ts'
import { conform, Unfit } from './conform.ts'
import { decodeEntries, encodeEntries, isReset, withEntries } from './entries.ts'
import type { Managed } from './managed.ts'
import { managerId } from './manager-id.ts'
import { Unreadable } from './path-element.ts'
import { ownerOf, scopeOf, withoutSystemFields, type Served, type Writer } from './served.ts'
import { updated, type Scope } from './updater.ts'

/** What comes of any write but apply. */
export function update(
  live: UnknownObject | undefined,
  next: UnknownObject,
  writer: Writer,
  served: Served,
): UnknownObject {
  const bare = withEntries(next, undefined)
  try {
    const managed = managedBefore(live, next, writer)
    // Of an object whose fields nobody is known to have, nobody gets any.
    if (managed.size === 0 && live?.metadata.uid) return bare
    const { apiVersion, kind } = next
    const before = live ?? ({ apiVersion, kind } as UnknownObject)
    return withEntries(
      bare,
      encodeEntries(tracked(before, bare, managed, writer, scopeOf(served, writer))),
    )
  } catch (error) {
    // The write itself will say what is wrong with the object.
    if (error instanceof Unfit) return bare
    throw error
  }
}

/** Who has what of `next`. Throws Unfit where one of the two is not of its type. */
export function tracked(
  live: UnknownObject,
  next: UnknownObject,
  managed: Managed,
  writer: Writer,
  scope: Scope,
): Managed {
  for (const object of [next, live]) conform(object, scope.atom, { duplicates: true })
  const result = updated(live, next, managed, scope)
  const set = withoutSystemFields(result.changed)
  if (set.isEmpty) return capped(result.managed)
  const owner = ownerOf('Update', writer, scope)
  const id = managerId(owner)
  const before = result.managed.get(id)?.set
  return capped(
    new Map([
      ...result.managed,
      [
        id,
        {
          owner,
          set: before ? set.union(before) : set,
          apiVersion: scope.apiVersion,
          time: writer.time,
        },
      ],
    ]),
  )
}

/** What the client sends is taken where it can be read; of a subresource it is not even looked at. */
function managedBefore(
  live: UnknownObject | undefined,
  next: UnknownObject,
  { subresource }: Writer,
): Managed {
  const sent = next.metadata.managedFields
  const stored = live?.metadata.managedFields
  if (subresource !== '') return readable(stored)
  if (isReset(sent)) return new Map()
  const managed = readable(sent)
  return managed.size > 0 ? managed : readable(stored)
}

function readable(entries: unknown): Managed {
  try {
    return decodeEntries(entries)
  } catch (error) {
    if (error instanceof Unreadable) return new Map()
    throw error
  }
}
