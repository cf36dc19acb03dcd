import type { UnknownObject } from '#src/api/object.ts'

/** Who writes, where and when. */
export interface Writing {
  /** At most 128 characters. */
  readonly manager: string
  /** '' for the object itself. */
  readonly subresource: string
  /** RFC 3339 in whole seconds. */
  readonly time: string
}

/** Keeps metadata.managedFields of one resource (server-side apply). Pure. */
export interface FieldManager {
  /**
   * After a create, update or patch: `next` with its managedFields. What the client sent as managedFields is taken only
   * where it empties them (`[{}]`), or is what is stored.
   */
  update(live: UnknownObject | undefined, next: UnknownObject, writing: Writing): UnknownObject
  /**
   * The live object with `applied` merged in. Throws StatusError 409 with a cause for every field that somebody else
   * owns, unless forced; 400 or 422 where what is applied does not fit the schema or carries managedFields.
   */
  apply(
    live: UnknownObject | undefined,
    applied: UnknownObject,
    writing: Writing & { readonly force: boolean },
  ): UnknownObject
}
