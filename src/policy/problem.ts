/** Something that is wrong with a template or a binding: enough for the reader to mend it without asking anybody. */
export interface Problem {
  /** The number in the rule book: R203 for what a policy may be, R205 for kinds and parameters. */
  readonly rule: string
  /** Dotted path of the field at fault, e.g. `spec.parameters.minLength`. */
  readonly field: string
  /** What stands there; undefined where the field is missing. */
  readonly value: unknown
  /** What is wrong with it; reads on from the value. */
  readonly problem: string
  /** What to do instead. */
  readonly fix: string
}

/** The value of an expression, such as it is shown to people: one line, and not all of a long one. */
export function shown(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}...` : line
}
