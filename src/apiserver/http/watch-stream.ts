import type { ServerResponse } from 'node:http'
import type { WatchSink } from '../read/watch.ts'

/** Bytes that may wait before the beginning of a watch goes on. */
const LOW = 256 * 1024

/** Milliseconds in which a client must take everything that waits at the beginning. */
const STALL_MS = 30_000

/** Writes a watch to an answer, whose headers are out. What comes in one go goes out in one. */
export function watchStream(response: ServerResponse): WatchSink {
  let corked = false
  return {
    send(frame) {
      if (response.destroyed || response.writableEnded) return
      if (!corked) {
        corked = true
        response.cork()
        process.nextTick(() => {
          corked = false
          response.uncork()
        })
      }
      response.write(frame)
    },
    get waiting() {
      return response.writableLength
    },
    async drained() {
      if (corked) await new Promise<void>(resolve => process.nextTick(resolve))
      if (response.destroyed) return false
      if (response.writableLength <= LOW || !response.writableNeedDrain) return true
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
      response.end()
    },
    cut() {
      response.destroy()
    },
  }
}
