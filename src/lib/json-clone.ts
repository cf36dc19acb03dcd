/** A copy of what JSON can say, to be changed without changing the original: several times faster than structuredClone. */
export function jsonClone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(jsonClone) as T
  const copy: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    if (key === '__proto__')
      // A field like any other, and not to be assigned.
      Object.defineProperty(copy, key, {
        value: jsonClone(each),
        configurable: true,
        enumerable: true,
        writable: true,
      })
    else copy[key] = jsonClone(each)
  }
  return copy as T
}
