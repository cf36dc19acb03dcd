import type { Query } from './api-path.ts'
import type { WatchEvent } from './watch-event.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for the whole request; 10,000 unless told otherwise. */
  readonly timeoutMs?: number
}

export interface Selection {
  /** All namespaces where it is left out. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
  /** 'metadata' leaves the rest of each object at the API server. */
  readonly part?: 'metadata' | undefined
}

export interface PageOptions extends Selection, CallOptions {
  readonly limit?: number | undefined
  /** Where the previous page ended. Fails as Expired once the server has forgotten. */
  readonly continue?: string | undefined
  readonly resourceVersion?: string
}

export interface Page<T> {
  readonly items: T[]
  /** Opaque: never to be compared or counted with. */
  readonly resourceVersion: string
  /** '' on the last page. */
  readonly continue: string
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string
  /** How long the server lets it run. */
  readonly timeoutSeconds: number
  /** Fails as WatchIdle after so many milliseconds without a byte. */
  readonly idleMs: number
  readonly signal: AbortSignal
  /** The server has accepted the watch. */
  onOpen?(): void
  /** Nothing came for half of that time. */
  onQuiet?(): void
  /** Called one after the other, in the order of the stream; an error of its ends the watch. */
  onEvent(event: WatchEvent): void
}

export interface ApplyOptions extends CallOptions {
  readonly fieldManager: string
  /** Takes fields over from other managers instead of failing with a conflict. */
  readonly force?: boolean
  readonly dryRun?: boolean
}

export interface DeleteOptions extends CallOptions {
  /** Only if it is still this object; otherwise it fails as Conflict. */
  readonly uid?: string | undefined
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
}

export interface RawRequest extends CallOptions {
  readonly method: string
  readonly path: string
  readonly query?: Query
  readonly body?: unknown
  readonly contentType?: string
  /** application/json unless told otherwise. */
  readonly accept?: string
}

/** One answer of the API server, for metrics. `code` is 0 where there was none. */
export interface ResponseInfo {
  readonly verb: string
  readonly resource: string
  readonly code: number
}
