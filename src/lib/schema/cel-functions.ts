import type { celEnv } from '@bufbuild/cel'

type Functions = Pick<ReturnType<typeof celEnv>['funcs'], 'find'>

/** They are evaluated by the library itself and are no functions of it. */
const OPERATORS: ReadonlySet<string> = new Set([
  '_&&_',
  '_||_',
  '_?_:_',
  '_[_]',
  '@not_strictly_false',
])

/** The types that every expression can name. */
export const TYPES: readonly string[] = [
  'bool',
  'bytes',
  'double',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
]

/** Throws where no function of that name, or no method, takes so many arguments. */
export function checkFunction(
  functions: Functions,
  name: string,
  count: number,
  isMethod: boolean,
): void {
  if (OPERATORS.has(name)) return
  const candidates = [...(functions.find(name) ?? [])]
  if (candidates.length === 0) throw new Error(`there is no function or macro '${name}' here`)
  const fits = candidates.some(
    ({ target, arguments: parameters }) =>
      (target !== undefined) === isMethod && parameters.length === count,
  )
  if (!fits)
    throw new Error(`'${name}' does not exist as a ${isMethod ? 'method' : 'function'} of ${count}`)
}
