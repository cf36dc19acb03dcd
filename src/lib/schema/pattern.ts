import { RE2JS } from '@bufbuild/re2'

/**
 * A regular expression as Go reads it (RE2): its time is linear in the input, and what RE2 has not, such as a
 * look-ahead, does not compile.
 */
export interface Pattern {
  readonly source: string
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean
}

const compiled = new Map<string, Pattern>()

/** Compiles a pattern, once. Throws where RE2 would not take it. */
export function patternOf(source: string): Pattern {
  const known = compiled.get(source)
  if (known) return known
  const re2 = RE2JS.compile(source)
  const pattern = { source, test: (text: string) => re2.test(text) }
  // A rule may build a pattern from what it is asked about; those must not pile up.
  if (compiled.size >= 1000) compiled.clear()
  compiled.set(source, pattern)
  return pattern
}
