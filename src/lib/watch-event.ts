import type { KubernetesObject } from '#src/api/object.ts'
import { ApiError, type ApiStatus } from './api-error.ts'
import { KradleError } from './errors.ts'

/** A change, as the server sends it; errors and the shape of lines are dealt with before. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  /** Of a bookmark, only the resourceVersion counts. */
  readonly object: KubernetesObject
}

/** What a line of a watch says. Throws ApiError for an ERROR event, MalformedAnswer for anything unknown. */
export function parseWatchEvent(line: string): WatchEvent {
  let event: { type?: unknown; object?: unknown }
  try {
    event = JSON.parse(line) as typeof event
  } catch {
    throw new KradleError('MalformedAnswer', 'a line of a watch is not JSON')
  }
  const { type, object } = event
  if (type === 'ERROR') {
    const status = (object ?? {}) as ApiStatus
    throw new ApiError({ ...status, code: status.code ?? 500 })
  }
  const known = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK'
  if (!known || typeof object !== 'object' || object === null)
    throw new KradleError('MalformedAnswer', 'a line of a watch is no event')
  return { type, object: object as KubernetesObject }
}
