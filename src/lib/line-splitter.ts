import { KradleError } from './errors.ts'

/** Far above what etcd can hold; a line beyond it means that the stream is not what we think. */
const LONGEST_LINE = 64 * 1024 * 1024

const NEWLINE = 0x0a

/**
 * Cuts a stream of bytes into lines. Bytes are turned into text line by line, so
 * that a character spread over two chunks stays whole; what follows the last
 * newline is never given out, as it may be half a line.
 */
export class LineSplitter {
  #parts: Buffer[] = []
  #length = 0
  readonly #longest: number

  constructor(longest = LONGEST_LINE) {
    this.#longest = longest
  }

  /** Calls `onLine` for each line that the chunk completes, in order. Throws MalformedAnswer for an endless line. */
  push(chunk: Buffer, onLine: (line: string) => void): void {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end < 0) break
      const line = this.#take(chunk.subarray(start, end))
      start = end + 1
      if (line !== '') onLine(line)
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  #take(rest: Buffer): string {
    if (this.#parts.length === 0) return rest.toString('utf8')
    const line = Buffer.concat([...this.#parts, rest]).toString('utf8')
    this.#parts = []
    this.#length = 0
    return line
  }

  #keep(rest: Buffer): void {
    this.#parts.push(rest)
    this.#length += rest.length
    if (this.#length > this.#longest)
      throw new KradleError('MalformedAnswer', `a line of a watch exceeds ${this.#longest} bytes`)
  }
}
