import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'

/** What a kind needs code for; one file a kind in `kinds/`. Pure: what is given is not changed. */
export interface Hooks {
  /**
   * Another kind whose objects name one of this and say something about it, and the selectable field they do so by. As long as
   * some are left of one that is gone, no other gets its name.
   */
  readonly namedBy?: { readonly kind: Kind; readonly field: string }
  /**
   * After the status was taken away and before validation, e.g. to stamp who asked.
   * @param now RFC 3339 in whole seconds
   */
  prepareForCreate?(object: UnknownObject, user: UserInfo, now: string): UnknownObject
  /**
   * After what may not change was taken from `old`, and before validation. Of the object itself, `object` has the status
   * of `old`; of subresource `status`, everything but the status.
   * @param subresource '' for the object itself
   */
  prepareForUpdate?(
    object: UnknownObject,
    old: UnknownObject,
    user: UserInfo,
    now: string,
    subresource: string,
  ): UnknownObject
  /**
   * What one object of the kind at most may hold at a time, which names its namespace; undefined is nothing. Asked at every
   * write, and of an object that stands in the way of another.
   */
  claim?(object: UnknownObject, now: Date): string | undefined
}
