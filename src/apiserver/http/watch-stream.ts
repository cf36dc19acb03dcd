import type { ServerResponse } from 'node:http'
import type { WatchSink } from '../read/watch.ts'

/** Bytes that may wait before the beginning of a watch goes on. */
const LOW = 256 * 1024

/** Milliseconds in which a client must take everything that waits, at the beginning and at the end. */
const STALL_MS = 30_000

/** Writes a watch to an answer, whose headers are out. What comes in one go goes out in one. */
export function watchStream(response: ServerResponse): WatchSink {
  // Not `cork`, which lets the end of the answer overtake what waits.
  let gathered: Buffer[] = []
  let size = 0
  const flush = (): void => {
    if (gathered.length === 0) return
    const [only] = gathered
    const bytes = gathered.length === 1 ? only! : Buffer.concat(gathered, size)
    gathered = []
    size = 0
    if (!response.destroyed) response.write(bytes)
  }
  return {
    send(frame) {
      if (response.writableEnded) return
      if (gathered.length === 0) process.nextTick(flush)
      gathered.push(frame)
      size += frame.length
    },
    get waiting() {
      return size + response.writableLength
    },
    async drained() {
      flush()
      if (response.destroyed) return false
      if (response.writableLength <= LOW) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const yes = () => resolve(true)
      const no = () => resolve(false)
      const timer = setTimeout(no, STALL_MS)
      response.once('drain', yes).once('close', no)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        response.off('drain', yes).off('close', no)
      }
    },
    end() {
      flush()
      response.end()
      // Otherwise whoever never reads keeps his place for ever.
      const timer = setTimeout(() => response.destroy(), STALL_MS)
      timer.unref()
      response.once('close', () => clearTimeout(timer))
    },
    cut() {
      gathered = []
      size = 0
      response.destroy()
    },
  }
}
