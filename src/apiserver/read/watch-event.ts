import type { EventType, StoredEvent } from '../storage/store.ts'
import { matches, type Selectors } from './match.ts'

/** What one watcher is told of a change. */
export interface WatchEvent {
  readonly type: EventType
  /** Whether the object is shown as it was before, with the version of the change. */
  readonly before: boolean
}

/** The change as somebody sees it who sees nothing but what he selected; undefined where he sees nothing of it. */
export function watchEvent(event: StoredEvent, selectors: Selectors): WatchEvent | undefined {
  const { namespace, name } = event.entry
  const passes = ({ labels, fields }: Pick<StoredEvent, 'labels' | 'fields'>): boolean =>
    matches(selectors, { namespace, name, labels, fields })
  const is = event.type !== 'DELETED' && passes(event)
  const was = event.previous !== undefined && passes(event.previous)
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', before: false }
  if (!was) return undefined
  // Of what is deleted, the last state is what was stored last; what merely leaves was something else before.
  return { type: 'DELETED', before: event.type !== 'DELETED' }
}
