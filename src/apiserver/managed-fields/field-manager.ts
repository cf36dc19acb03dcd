import type { UnknownObject } from '#src/api/object.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { apply } from './apply.ts'
import { typeOfSchema } from './type-of-schema.ts'
import { update } from './update.ts'

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
   * After a create, update or patch: `next` with its managedFields. What the client sent as managedFields is taken
   * where it can be read, and empties them where it is `[{}]`; else those of the live object are gone on with.
   */
  update(live: UnknownObject | undefined, next: UnknownObject, writing: Writing): UnknownObject
  /**
   * The live object with `applied` merged in. Throws StatusError 409 with a cause for every field that somebody else
   * owns, unless forced; 400 or 422 where what is applied is of another type, carries managedFields or names no
   * manager; 500, as Kubernetes does, where it does not fit the schema.
   */
  apply(
    live: UnknownObject | undefined,
    applied: UnknownObject,
    writing: Writing & { readonly force: boolean },
  ): UnknownObject
}

/** The manager of the fields of a resource that has a status subresource. */
export function fieldManagerOf({
  schema,
  apiVersion,
  kind,
}: {
  readonly schema: OpenApiSchema
  /** `group/version` */
  readonly apiVersion: string
  /** Where given, nothing else can be applied. */
  readonly kind?: string
}): FieldManager {
  const served = { atom: typeOfSchema(schema), apiVersion, kind }
  return {
    update: (live, next, writing) => update(live, next, writing, served),
    apply: (live, applied, writing) => apply(live, applied, writing, served),
  }
}
