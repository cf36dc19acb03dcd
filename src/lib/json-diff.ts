import { isFields } from './schema/structural.ts'

/** One operation of an RFC 6902 patch. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * The patch that turns one JSON value into another. Maps are compared key by key;
 * anything else, lists too, is replaced whole: a list diff would cost time
 * quadratic in what a tenant sends.
 */
export function jsonDiff(from: unknown, to: unknown, path = ''): PatchOperation[] {
  if (from === to) return []
  if (isFields(from) && isFields(to)) {
    const removed = Object.keys(from).filter(
      key => !Object.hasOwn(to, key) || to[key] === undefined,
    )
    return [
      ...removed.map(key => ({ op: 'remove' as const, path: at(path, key) })),
      ...Object.entries(to).flatMap(([key, value]) => {
        if (value === undefined) return []
        return Object.hasOwn(from, key)
          ? jsonDiff(from[key], value, at(path, key))
          : [{ op: 'add' as const, path: at(path, key), value }]
      }),
    ]
  }
  return jsonEqual(from, to) ? [] : [{ op: 'replace', path, value: to }]
}

/** Whether two JSON values are the same, whatever the order of keys. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]))
  if (!isFields(a) || !isFields(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && jsonEqual(a[key], b[key]))
  )
}

const at = (path: string, key: string): string =>
  `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
