import { celMap, type CelMap, type CelValue } from '@bufbuild/cel'

/**
 * Values that expressions can hand around and call functions of, but not look into. Each family has its own, so that a
 * function of one is not called with another.
 */
export class Opaque<T extends object> {
  readonly #held = new WeakMap<object, T>()

  wrap(value: T): CelMap {
    const holder = celMap(new Map())
    this.#held.set(holder, value)
    return holder
  }

  /** Throws where it is anything else. */
  unwrap(value: CelValue): T {
    const held = this.is(value)
    if (!held) throw new Error('no such overload')
    return held
  }

  is(value: CelValue): T | undefined {
    return typeof value === 'object' && value !== null ? this.#held.get(value) : undefined
  }
}
