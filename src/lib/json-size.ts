/**
 * How many bytes of UTF-8 a value read from JSON takes as JSON without spaces.
 *
 * Without recursion, as JSON.stringify would have it: how deep it goes is up to whoever sent it, and
 * the API server takes more than a call stack holds.
 */
export function jsonBytes(json: unknown): number {
  let bytes = 0
  const pending: unknown[] = [json]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) {
      bytes += Buffer.byteLength(JSON.stringify(value))
      continue
    }
    const keys = Array.isArray(value) ? [] : Object.keys(value)
    for (const key of keys) bytes += Buffer.byteLength(JSON.stringify(key)) + 1
    const items = Object.values(value)
    // The brackets, and a comma between two items.
    bytes += 2 + Math.max(0, items.length - 1)
    for (const item of items) pending.push(item)
  }
  return bytes
}
