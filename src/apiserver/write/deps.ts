import type { Kind } from '#src/api/kind.ts'
import type { Authorizer } from '../auth/auth.ts'
import type { FieldManager } from '../managed-fields/field-manager.ts'
import type { Admission } from '../admission/admission.ts'
import type { CountLimit } from '../admission/quotas.ts'
import type { ApiRequest } from '../request.ts'
import type { Resource } from '../resource.ts'
import type { ListQuery, Store } from '../storage/store.ts'
import type { Hooks } from './hooks.ts'

/** What the writing verbs stand on. */
export interface WriteDeps {
  readonly store: Store
  readonly admission: Admission
  /** How many objects of the resource a namespace may have, asked once admission has let one through. */
  readonly limitOf: (resource: Resource, namespace: string) => CountLimit | undefined
  readonly fieldManagers: (resource: Resource) => FieldManager
  /** Asked whether who applies may create too. */
  readonly authorizer: Authorizer
  /** The resource of another kind; undefined where it is not served. */
  readonly served: (kind: Kind) => Resource | undefined
  readonly hooks: (resource: Resource) => Hooks | undefined
  /** What a deletecollection is about, from its query. Throws StatusError 400 or 422. */
  readonly selection: (request: ApiRequest) => Selection
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly random: Random
}

export interface Selection extends Pick<ListQuery, 'labels' | 'fields' | 'limit' | 'after' | 'at'> {
  /** The token that goes on after a page that was limited. */
  readonly continueAfter?: (page: {
    readonly namespace: string
    readonly name: string
    readonly resourceVersion: string
  }) => string
}

export interface Random {
  /** A UUID of version 4. */
  uuid(): string
  /** An integer of at least 0 and less than `below`. */
  index(below: number): number
}

/** RFC 3339 in whole seconds, as the API server writes times. */
export const timeOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
