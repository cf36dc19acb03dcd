import { compareVersions } from './versions.ts'

/** For how long transactions have been under way that keep readers from going further. */
export class HorizonLag {
  readonly #now: () => number
  #waiting: { readonly next: string; readonly since: number } | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get seconds(): number {
    return this.#waiting ? (this.#now() - this.#waiting.since) / 1000 : 0
  }

  see({ open, horizon, next }: { open: boolean; horizon: string; next: string }): void {
    // All that were under way when it began to wait are over.
    if (this.#waiting && compareVersions(horizon, this.#waiting.next) >= 0)
      this.#waiting = undefined
    if (!open) this.#waiting = undefined
    else this.#waiting ??= { next: String(BigInt(next) - 1n), since: this.#now() }
  }
}
