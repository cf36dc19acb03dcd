import type { Question } from './controller.ts'
import { KradleError } from './errors.ts'

/** An answer, and for how many seconds it need not be asked for again. */
export interface Observation {
  readonly answer: unknown
  readonly freshForSeconds: number
}

/** Finds out one kind of thing outside the cluster. Failing to is an answer too; it rejects only where it was called off. */
export type Observer = (question: Question, signal: AbortSignal) => Promise<Observation>

/** Observers by type of question. */
export type Observers = Readonly<Record<string, Observer>>

/** Asks each question once at a time, and keeps the answers while they are fresh. */
export class Observations {
  readonly #observers: Observers
  readonly #signal: AbortSignal
  /** Seconds of a clock that never goes back. */
  readonly #clock: () => number
  readonly #kept = new Map<string, { readonly answer: unknown; readonly until: number }>()
  readonly #asked = new Map<string, Promise<unknown>>()

  constructor(observers: Observers, signal: AbortSignal, clock = () => performance.now() / 1000) {
    this.#observers = observers
    this.#signal = signal
    this.#clock = clock
  }

  /** Resolves to the answer, kept or new. Rejects with UnknownQuestion, or as the observer does. */
  async ask(question: Question): Promise<unknown> {
    const observe = this.#observers[question.type]
    if (!observe)
      throw new KradleError('UnknownQuestion', `no observer for questions of type ${question.type}`)
    const key = `${question.type}/${question.key}`
    const kept = this.#kept.get(key)
    if (kept && this.#clock() < kept.until) return kept.answer
    const known = this.#asked.get(key)
    if (known) return known
    const asked = this.#observe(observe, question, key).finally(() => this.#asked.delete(key))
    this.#asked.set(key, asked)
    return asked
  }

  async #observe(observe: Observer, question: Question, key: string): Promise<unknown> {
    const { answer, freshForSeconds } = await observe(question, this.#signal)
    // Of objects that are gone nobody will ask again.
    for (const [other, { until }] of this.#kept)
      if (until <= this.#clock()) this.#kept.delete(other)
    this.#kept.set(key, { answer, until: this.#clock() + freshForSeconds })
    return answer
  }
}
