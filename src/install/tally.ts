import { resourceOf, type Kind } from '#src/api/kind.ts'

/** Counts objects by `plural.group`. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(kind: Kind, count = 1): void {
    if (count > 0)
      this.#counts.set(resourceOf(kind), (this.#counts.get(resourceOf(kind)) ?? 0) + count)
  }

  /** In the order in which they were met; kinds with none are left out. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
