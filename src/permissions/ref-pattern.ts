/** Patterns for refs: `*` stands for any characters, `/` too, as in git's refspecs. */
export interface RefPatterns {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/** Whether a ref matches one of the included patterns (none given: all) and none of the excluded ones (R55). */
export const refAllowed = (ref: string, { include = [], exclude = [] }: RefPatterns): boolean =>
  (include.length === 0 || include.some(pattern => matchesRef(pattern, ref))) &&
  !exclude.some(pattern => matchesRef(pattern, ref))

/**
 * Whether a ref matches a pattern. The parts between the stars are looked for from left to
 * right, each once, as early as it can be: no pattern makes that go back and try again.
 */
export function matchesRef(pattern: string, ref: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return ref === pattern
  if (ref.length < first.length + last.length) return false
  if (!ref.startsWith(first) || !ref.endsWith(last)) return false

  const end = ref.length - last.length
  let from = first.length
  for (const part of rest) {
    const at = ref.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
