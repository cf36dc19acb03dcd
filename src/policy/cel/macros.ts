/** Which names a macro declares, and for which of its arguments; the parser has written out the ones of plain CEL. */
export interface Macro {
  /** The arguments that are names. */
  readonly names: readonly number[]
  /** The arguments in which they stand for something. */
  readonly scoped: readonly number[]
}

const pair = (count: number): Macro => ({
  names: [0, 1],
  scoped: Array.from({ length: count - 2 }, (_, index) => index + 2),
})
const single: Macro = { names: [0], scoped: [1] }

/** By name and number of arguments: of optionals, of two variables, of lists, and `cel.bind`. */
const METHODS: Readonly<Record<string, Macro>> = {
  'optMap/2': single,
  'optFlatMap/2': single,
  'sortBy/2': single,
  'all/3': pair(3),
  'exists/3': pair(3),
  'existsOne/3': pair(3),
  'exists_one/3': pair(3),
  'transformList/3': pair(3),
  'transformList/4': pair(4),
  'transformMap/3': pair(3),
  'transformMap/4': pair(4),
  'transformMapEntry/3': pair(3),
  'transformMapEntry/4': pair(4),
}

const BIND: Macro = { names: [0], scoped: [2] }

/** The macro that a call is, if it is one. `target` is the name that it is called on, where it is called on one. */
export const macroOf = (
  target: string | undefined,
  name: string,
  count: number,
  isMethod: boolean,
): Macro | undefined => {
  if (target === 'cel' && name === 'bind' && count === 3) return BIND
  const key = `${name}/${count}`
  return isMethod && Object.hasOwn(METHODS, key) ? METHODS[key] : undefined
}
