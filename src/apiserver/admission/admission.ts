import type { Operation, UserInfo } from '#src/api/admission/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '../resource.ts'

/** One write as admission sees it. */
export interface Attributes {
  readonly operation: Operation
  readonly resource: Resource
  /** '' for the object itself. */
  readonly subresource: string
  readonly namespace: string
  /** '' on a deletecollection; with generateName the name is there already. */
  readonly name: string
  readonly user: UserInfo
  readonly dryRun: boolean
  /** Undefined on DELETE. */
  readonly object: UnknownObject | undefined
  /** Undefined on CREATE. */
  readonly oldObject: UnknownObject | undefined
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions with apiVersion and kind. */
  readonly options: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  /** Adds a Warning header. */
  warn(text: string): void
}

/** What decides on writes besides the schema, in the order of kube-apiserver. Either throws StatusError. */
export interface Admission {
  /**
   * Namespace lifecycle, Kradle's own mutations, then the cluster's mutating webhooks; `reconsider` makes an object
   * of what a webhook returned as the schema wants it. The object as it goes on, which is the given one where nobody changed it.
   */
  mutate(
    attributes: Attributes & { readonly object: UnknownObject },
    reconsider: (object: UnknownObject) => UnknownObject,
  ): Promise<UnknownObject>
  /** Kradle's own rules, the cluster's admission policies and validating webhooks. Of DELETE, all of admission. */
  validate(attributes: Attributes): Promise<void>
}
