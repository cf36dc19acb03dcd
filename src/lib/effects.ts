import type { Effect } from './controller.ts'
import { KradleError } from './errors.ts'
import { jsonEqual } from './json-diff.ts'

/** Does one kind of thing outside the cluster. Has to be idempotent by the effect's key; tells of results through status alone. */
export type Executor = (effect: Effect, signal: AbortSignal) => Promise<void>

/** Executors by type of effect. */
export type Executors = Readonly<Record<string, Executor>>

/** Runs effects, each key once at a time. */
export class Effects {
  readonly #executors: Executors
  readonly #signal: AbortSignal
  readonly #running = new Map<string, { readonly effect: Effect; readonly end: Promise<void> }>()

  constructor(executors: Executors, signal: AbortSignal) {
    this.#executors = executors
    this.#signal = signal
  }

  /** Joins the same effect where it is running, waits for another of the same key. Rejects with UnknownEffect, or as the executor does. */
  async run(effect: Effect): Promise<void> {
    const execute = this.#executors[effect.type]
    if (!execute)
      throw new KradleError('UnknownEffect', `no executor for effects of type ${effect.type}`)
    const key = `${effect.type}/${effect.key}`
    for (let other = this.#running.get(key); other; other = this.#running.get(key)) {
      if (jsonEqual(other.effect, effect)) return other.end
      // How another one ends is the business of whoever began it.
      await other.end.catch(() => {})
    }
    const end = execute(effect, this.#signal).finally(() => this.#running.delete(key))
    this.#running.set(key, { effect, end })
    return end
  }
}
