import { readFile } from 'node:fs/promises'
import { systemClock, type Clock } from './clock.ts'

/** Tokens are rewritten well before they expire, so this much delay never hurts. */
const REREAD_MS = 30_000

/** A bearer token in a file that somebody rewrites now and then. */
export class TokenFile {
  readonly #path: string
  readonly #clock: Clock
  #token: string | undefined
  #readAt = Number.NEGATIVE_INFINITY

  constructor(path: string, clock: Clock = systemClock) {
    this.#path = path
    this.#clock = clock
  }

  /** The token, at most 30 s behind the file. Rejects with the file system's error where it was never readable. */
  async token(): Promise<string> {
    if (this.#token === undefined || this.#clock.now() - this.#readAt >= REREAD_MS)
      await this.#read()
    return this.#token as string
  }

  /** The server refused the token: read the file again next time. */
  forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  async #read(): Promise<void> {
    try {
      const text = (await readFile(this.#path, 'utf8')).trim()
      // Whoever rewrites the file in place leaves it empty for a moment.
      if (text !== '') this.#token = text
      this.#readAt = this.#clock.now()
    } catch (error) {
      if (this.#token === undefined) throw error
    }
    this.#token ??= ''
  }
}
