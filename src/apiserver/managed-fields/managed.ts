import type { FieldSet } from './field-set.ts'
import type { Manager } from './manager-id.ts'

/** What one manager has of an object. */
export interface Owned {
  readonly owner: Manager
  readonly set: FieldSet
  readonly apiVersion: string
  /** RFC 3339 in whole seconds; undefined where it is not known. */
  readonly time: string | undefined
}

/** Who has which fields of an object, by the id of the manager. */
export type Managed = ReadonlyMap<string, Owned>

/** The managers with other sets; those with nothing left go. */
export function withSets(managed: Managed, setOf: (owned: Owned, id: string) => FieldSet): Managed {
  const result = new Map<string, Owned>()
  for (const [id, owned] of managed) {
    const set = setOf(owned, id)
    if (!set.isEmpty) result.set(id, { ...owned, set })
  }
  return result
}
