import type { WatchOptions } from './calls.ts'
import { KradleError } from './errors.ts'
import { LineSplitter } from './line-splitter.ts'
import { abortReason, connectionError, type Answer } from './transport.ts'
import { parseWatchEvent } from './watch-event.ts'

/** Reads events to the end of the answer. Resolves where the server ended it properly; everything else rejects. */
export function readWatch(
  { stream }: Answer,
  options: Pick<WatchOptions, 'idleMs' | 'signal' | 'onEvent' | 'onQuiet'>,
): Promise<void> {
  const { idleMs, signal } = options
  const lines = new LineSplitter()
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      reject(error)
      stream.destroy()
    }
    const idle = setTimeout(
      () => stop(new KradleError('WatchIdle', `a watch was silent for ${idleMs / 1000} s`)),
      idleMs,
    )
    const quiet = setTimeout(() => options.onQuiet?.(), idleMs / 2)
    const abort = () => stop(abortReason(signal))
    signal.addEventListener('abort', abort, { once: true })
    const closed = () => {
      clearTimeout(idle)
      clearTimeout(quiet)
      signal.removeEventListener('abort', abort)
      reject(new KradleError('ConnectionFailed', 'the connection was closed within a watch'))
    }
    stream.on('data', (chunk: Buffer) => {
      if (stream.destroyed) return
      idle.refresh()
      quiet.refresh()
      try {
        lines.push(chunk, line => options.onEvent(parseWatchEvent(line)))
      } catch (error) {
        stop(error as Error)
      }
    })
    stream.on('error', error => reject(connectionError(error, false)))
    stream.on('end', resolve)
    stream.on('close', closed)
    // Either may have happened before anybody listened.
    if (signal.aborted) abort()
    if (stream.closed) closed()
  })
}
