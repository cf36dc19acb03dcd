/** How many requests are served at a time; one more is turned away at once rather than kept waiting. */
export interface InFlightLimits {
  readonly reading: number
  readonly writing: number
  /** Watches that are open. */
  readonly watching: number
  /** The part of each that one user may have, from 0 to 1. */
  readonly ofUser: number
  /** The part of each that all users of one namespace may have: tenants cannot shut each other out. */
  readonly ofNamespace: number
}

export const IN_FLIGHT_LIMITS: InFlightLimits = {
  reading: 400,
  writing: 200,
  watching: 5_000,
  ofUser: 0.25,
  ofNamespace: 0.5,
}

export type Kind = 'reading' | 'writing' | 'watching'

/** Who asks, and for which namespace; '' is all of them, or none. */
export interface Asking {
  readonly user: string
  readonly namespace: string
}

/** Counts what is being served. */
export class InFlight {
  readonly #limits: InFlightLimits
  readonly #counts = { reading: 0, writing: 0, watching: 0 }
  readonly #parts = new Map<string, number>()

  constructor(limits: InFlightLimits) {
    this.#limits = limits
  }

  count(kind: Kind): number {
    return this.#counts[kind]
  }

  /** How to leave again, once; undefined where there is no place. `always` counts, but is never turned away. */
  enter(kind: Kind, { user, namespace }: Asking, always: boolean): (() => void) | undefined {
    const { ofUser, ofNamespace } = this.#limits
    const parts = [
      { key: `${kind} of ${user}`, share: ofUser },
      ...(namespace === '' ? [] : [{ key: `${kind} in ${namespace}`, share: ofNamespace }]),
    ]
    const most = this.#limits[kind]
    const isFull =
      this.#counts[kind] >= most ||
      parts.some(({ key, share }) => (this.#parts.get(key) ?? 0) >= Math.ceil(most * share))
    if (!always && isFull) return undefined
    this.#counts[kind]++
    for (const { key } of parts) this.#parts.set(key, (this.#parts.get(key) ?? 0) + 1)
    return () => {
      this.#counts[kind]--
      for (const { key } of parts) {
        const left = this.#parts.get(key)! - 1
        // Users come and go; what is kept of them is only what is going on.
        if (left > 0) this.#parts.set(key, left)
        else this.#parts.delete(key)
      }
    }
  }
}
