import type { Media } from '../http/forms.ts'
import type { ApiRequest } from '../request.ts'
import { expired, invalid, serviceUnavailable, StatusError } from '../status-error.ts'
import { ExpiredVersion, StorageUnavailable, type Feed, type Store } from '../storage/store.ts'
import type { Frames } from './frames.ts'
import { listOptions, type ListOptions } from './list-options.ts'
import { versionFault } from './resource-version.ts'
import { Watcher } from './watcher.ts'

/** Where the lines of one watch go. */
export interface WatchSink {
  send(frame: Buffer): void
  /** Bytes that nobody has taken yet. */
  readonly waiting: number
  /** Resolves once most of them are taken: true, or false where that takes too long or the client is gone. */
  drained(): Promise<boolean>
  /** Ends the stream properly. */
  end(): void
  /** Throws it away, and everything that waits with it. */
  cut(): void
}

/**
 * Serves one watch; resolves when it is over. What is wrong with the request is thrown before `open` is called, and
 * so is StorageUnavailable then; a version that is gone is an ERROR event, as kube-apiserver has it.
 */
export type Watch = (request: ApiRequest, media: Media, open: () => WatchSink) => Promise<void>

export interface WatchContext {
  readonly store: Store
  readonly feed: Feed
  readonly frames: Frames
  readonly limits: WatchLimits
  /** Told how many bytes were thrown away because a watcher did not read them. */
  readonly onDropped: (resource: string, bytes: number) => void
}

export interface WatchLimits {
  /** Bytes that may wait for one watcher before it is ended. */
  readonly waiting: number
  /** Milliseconds between two bookmarks. */
  readonly bookmarkMs: number
  /** Milliseconds that a watch takes at least where the client does not say how long; at most twice as long. */
  readonly leastMs: number
}

export const WATCH_LIMITS: WatchLimits = {
  waiting: 8 * 1024 * 1024,
  bookmarkMs: 60_000,
  leastMs: 30 * 60_000,
}

/** Answers `watch`. */
export function watch(context: WatchContext): Watch {
  return async (request, media, open) => {
    const options = watchOptions(request)
    let opened: WatchSink | undefined
    const sink = (): WatchSink => (opened ??= open())
    try {
      await new Watcher(context, request, options, media, sink).run()
    } catch (error) {
      // Whoever has gone, or is being sent away, needs no reason.
      if (!request.signal.aborted) {
        if (!opened && error instanceof StorageUnavailable) throw error
        sink().send(context.frames.error(errorOf(error, options)))
      }
    }
    sink().end()
  }
}

function watchOptions(request: ApiRequest): ListOptions {
  const options = listOptions(request)
  const { resourceVersion } = options
  const fault = resourceVersion === '' ? undefined : versionFault(resourceVersion)
  if (!fault) return options
  const { group, plural } = request.resource.kind
  throw invalid({ group, kind: plural }, '', [
    {
      field: 'resourceVersion',
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${resourceVersion}": ${fault}`,
    },
  ])
}

/** Anything unforeseen goes on to whoever logs it. */
function errorOf(error: unknown, { resourceVersion }: ListOptions): StatusError {
  if (error instanceof StatusError) return error
  if (error instanceof ExpiredVersion)
    return expired(`too old resource version: ${resourceVersion}`)
  if (error instanceof StorageUnavailable)
    return serviceUnavailable('the storage cannot be reached, please try again')
  throw error
}
