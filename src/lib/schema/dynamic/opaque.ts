import { celMap, type CelMap, type CelValue } from '@bufbuild/cel'

/** Every such value, with how it is compared to others of its family. */
const families = new WeakMap<object, (other: object) => boolean>()

/**
 * Values that expressions can hand around and call functions of, but not look into. Each family has its own, so that a
 * function of one is not called with another.
 */
export class Opaque<T extends object> {
  readonly #held = new WeakMap<object, T>()
  readonly #equal: ((a: T, b: T) => boolean) | undefined

  /** Without `equal` no two of them can be compared. */
  constructor(equal?: (a: T, b: T) => boolean) {
    this.#equal = equal
  }

  wrap(value: T): CelMap {
    const holder = celMap(new Map())
    this.#held.set(holder, value)
    families.set(holder, other => {
      const theirs = this.#held.get(other)
      if (!this.#equal || !theirs) throw new Error('no such overload')
      return this.#equal(value, theirs)
    })
    return holder
  }

  /** Throws where it is anything else. */
  unwrap(value: CelValue): T {
    const held = isObject(value) ? this.#held.get(value) : undefined
    if (!held) throw new Error('no such overload')
    return held
  }
}

/** Whether two values are equal of which one is opaque; undefined where neither is. Throws where they cannot be compared. */
export function opaquesEqual(a: CelValue, b: CelValue): boolean | undefined {
  const [left, right] = [a, b].map(each => (isObject(each) ? families.get(each) : undefined))
  if (!left && !right) return undefined
  if (!left || !right) return false
  return left(b as object)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
