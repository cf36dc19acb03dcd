/** How many requests are served at a time; one more is turned away at once rather than kept waiting. */
export interface InFlightLimits {
  readonly reading: number
  readonly writing: number
  /** Watches that are open. */
  readonly watching: number
  /** Requests other than watches of one user, reading or writing. */
  readonly perUser: number
  /** Open watches of one user. */
  readonly watchingPerUser: number
}

export const IN_FLIGHT_LIMITS: InFlightLimits = {
  reading: 400,
  writing: 200,
  watching: 5_000,
  perUser: 200,
  watchingPerUser: 2_000,
}

export type Kind = 'reading' | 'writing' | 'watching'

/** Counts what is being served. */
export class InFlight {
  readonly #limits: InFlightLimits
  readonly #counts = { reading: 0, writing: 0, watching: 0 }
  readonly #users = new Map<string, number>()

  constructor(limits: InFlightLimits) {
    this.#limits = limits
  }

  count(kind: Kind): number {
    return this.#counts[kind]
  }

  /** How to leave again, once; undefined where there is no place. `always` counts, but is never turned away. */
  enter(kind: Kind, user: string, always: boolean): (() => void) | undefined {
    const { perUser, watchingPerUser } = this.#limits
    const key = `${kind === 'watching' ? 'watches' : 'requests'} ${user}`
    const mine = this.#users.get(key) ?? 0
    const most = kind === 'watching' ? watchingPerUser : perUser
    if (!always && (this.#counts[kind] >= this.#limits[kind] || mine >= most)) return undefined
    this.#counts[kind]++
    this.#users.set(key, mine + 1)
    return () => {
      this.#counts[kind]--
      const left = this.#users.get(key)! - 1
      // Users come and go; what is kept of them is only what is going on.
      if (left > 0) this.#users.set(key, left)
      else this.#users.delete(key)
    }
  }
}
