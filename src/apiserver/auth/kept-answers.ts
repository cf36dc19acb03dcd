import { systemClock, type Clock } from '#src/lib/clock.ts'

/** How long answers about people are believed, as kube-apiserver has it: allowed or not. */
export const KEPT_MS = 10_000

/**
 * Answers to questions that come again and again: each is asked once at a time, however many
 * want to know, and its answer kept for a while. What failed is not kept.
 */
export class KeptAnswers<V> {
  readonly #kept = new Map<string, { readonly value: V; readonly until: number }>()
  readonly #asked = new Map<string, Promise<V>>()
  readonly #most: number
  readonly #clock: Pick<Clock, 'now'>

  /** Keeps the answers that were wanted last, `most` of them. */
  constructor(most: number, clock: Pick<Clock, 'now'> = systemClock) {
    this.#most = most
    this.#clock = clock
  }

  get size(): number {
    return this.#kept.size
  }

  /** Rejects as `ask` does; it runs for everybody who wants to know, so nobody may call it off. */
  async get(key: string, ask: () => Promise<V>): Promise<V> {
    const kept = this.#kept.get(key)
    this.#kept.delete(key)
    if (kept && this.#clock.now() < kept.until) {
      // Put back at the end: the first one is the next to go.
      this.#kept.set(key, kept)
      return kept.value
    }
    const asked = this.#asked.get(key) ?? this.#ask(key, ask)
    return asked
  }

  #ask(key: string, ask: () => Promise<V>): Promise<V> {
    const asked = ask()
      .then(value => {
        this.#keep(key, value)
        return value
      })
      .finally(() => this.#asked.delete(key))
    this.#asked.set(key, asked)
    return asked
  }

  #keep(key: string, value: V): void {
    this.#kept.set(key, { value, until: this.#clock.now() + KEPT_MS })
    const [first] = this.#kept.keys()
    if (this.#kept.size > this.#most && first !== undefined) this.#kept.delete(first)
  }
}
