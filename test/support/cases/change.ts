import { isMap, type Step } from './fields.ts'

/** Dotted paths and what stands there from now on; undefined takes it away. `a[0].b` and `a.0.b` are places in lists. */
export type Change = Readonly<Record<string, unknown>>

/** The same object with a change made to it. */
export function changed<T extends object>(object: T, change: Change): T {
  let result = object
  for (const [path, value] of Object.entries(change))
    result = put(result, stepsOf(path), value) as T
  return result
}

const stepsOf = (path: string): Step[] =>
  path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map(step => (/^\d+$/.test(step) ? Number(step) : step))

/** The same value with something else at one place; what is on the way there is made where it is missing. */
export function put(value: unknown, at: readonly Step[], inner: unknown): unknown {
  const [step, ...rest] = at
  if (step === undefined) return inner
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...(value as unknown[])] : []
    list[step] = put(list[step], rest, inner)
    return list
  }
  const map = isMap(value) ? { ...value } : {}
  const next = put(map[step], rest, inner)
  if (next === undefined) delete map[step]
  else map[step] = next
  return map
}

/** What stands at a place. */
export function get(value: unknown, at: readonly Step[]): unknown {
  let found = value
  for (const step of at)
    found =
      typeof step === 'number'
        ? (found as unknown[] | undefined)?.[step]
        : isMap(found)
          ? found[step]
          : undefined
  return found
}
