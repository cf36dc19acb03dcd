import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Entry } from './storage/store.ts'
import type { Resource } from './resource.ts'
import type { UnknownObject } from '#src/api/object.ts'

export type Verb =
  'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** What a request for an object or a collection is about: the URL and the method, understood. */
export interface RequestInfo {
  readonly verb: Verb
  readonly resource: Resource
  /** '' for the object itself. */
  readonly subresource: string
  /** '' for all namespaces. */
  readonly namespace: string
  /** '' for a collection. */
  readonly name: string
  readonly query: URLSearchParams
}

/** A request that has been authenticated and authorised. */
export interface ApiRequest extends RequestInfo {
  readonly user: UserInfo
  readonly body: Buffer
  /** The content type without parameters, lower case; '' where none was sent. */
  readonly contentType: string
  readonly userAgent: string
  /** Aborted when the client goes, or the request has taken too long. */
  readonly signal: AbortSignal
  /** Adds a Warning header. */
  warn(text: string): void
}

/** What is answered; how it looks on the wire (JSON, Table, metadata alone) is decided later. */
export type Answer =
  | { readonly type: 'object'; readonly code: number; readonly object: UnknownObject }
  | { readonly type: 'entry'; readonly code: number; readonly entry: Entry }
  | {
      readonly type: 'list'
      readonly entries: readonly Entry[]
      readonly metadata: {
        readonly resourceVersion: string
        readonly continue?: string
        readonly remainingItemCount?: number
      }
    }
  /** A metav1.Status that is a success, e.g. of a deletion. */
  | { readonly type: 'status'; readonly code: number; readonly status: object }

/** Answers requests of one or some verbs. Throws StatusError. */
export type Handler = (request: ApiRequest) => Promise<Answer>
