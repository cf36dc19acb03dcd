/** Something wrong with an expression. */
export interface Fault {
  /** From 1, in the expression; columns count characters. */
  readonly line: number
  readonly column: number
  readonly kind: 'syntax' | 'name' | 'function' | 'forbidden'
  /** What is wrong, such as `there is no variable "objct"`. */
  readonly problem: string
  /** What to do instead. */
  readonly fix: string
}

/** Where an offset is, in lines and columns as people count them. */
export function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: Array.from(before.slice(start)).length + 1 }
}
