import { bind, call, emptyMap, fold, ident, int, list, node, truth, type Expr } from './ast.ts'
import { rewritten } from './ast.ts'
import { ELEMENT } from './desugar.ts'

/** Helpers that macros call; see functions.ts. */
export const ENTRIES = 'entries__'
export const MERGE = 'merge__'
export const INSERT = 'insert__'
export const BUILD_LIST = 'build_list__'
export const BUILD_MAP = 'build_map__'

const RESULT = '@result'
const ENTRY = '@entry'

/** The tree with every macro written out that the parser does not know: those of optionals, and those of two variables. */
export const expanded = (expr: Expr): Expr =>
  rewritten(expr, each => optionalElements(each) ?? macro(each) ?? each)

function macro(expr: Expr): Expr | undefined {
  if (expr.exprKind.case !== 'callExpr') return undefined
  const { function: name, target, args } = expr.exprKind.value
  if (!target) return undefined
  const [first, second] = args.map(nameOf)
  if (first === undefined) return undefined
  if (args.length === 2 && (name === 'optMap' || name === 'optFlatMap')) {
    const mapped = bind(first, call('value', [], target), args[1]!)
    return call('_?_:_', [
      call('hasValue', [], target),
      name === 'optMap' ? call('optional.of', [mapped]) : mapped,
      call('optional.none', []),
    ])
  }
  const make = TWO_VARIABLES[name]
  if (second === undefined || !make) return undefined
  const [body, filtered] = args.slice(2)
  const named = (value: Expr): Expr => {
    const part = (index: bigint): Expr => call('_[_]', [ident(ENTRY), int(index)])
    return bind(first, part(0n), bind(second, part(1n), value))
  }
  return body && make(target, named, body, filtered)
}

type Make = (
  over: Expr,
  named: (value: Expr) => Expr,
  body: Expr,
  filtered: Expr | undefined,
) => Expr | undefined

const TWO_VARIABLES: Readonly<Record<string, Make>> = {
  all: (over, named, body, more) =>
    more
      ? undefined
      : over2(over, truth(true), call('_&&_', [ident(RESULT), named(body)]), {
          goOn: call('@not_strictly_false', [ident(RESULT)]),
        }),
  exists: (over, named, body, more) =>
    more
      ? undefined
      : over2(over, truth(false), call('_||_', [ident(RESULT), named(body)]), {
          goOn: call('@not_strictly_false', [call('!_', [ident(RESULT)])]),
        }),
  existsOne: one,
  exists_one: one,
  transformList: transforming(
    () => list([]),
    value => call('_+_', [ident(RESULT), list([value])]),
  ),
  transformMap: transforming(emptyMap, (value, key) => call(INSERT, [ident(RESULT), key, value])),
  transformMapEntry: transforming(emptyMap, value => call(MERGE, [ident(RESULT), value])),
}

function one(...[over, named, body, more]: Parameters<Make>): Expr | undefined {
  if (more) return undefined
  const step = call('_?_:_', [named(body), call('_+_', [ident(RESULT), int(1n)]), ident(RESULT)])
  return over2(over, int(0n), step, { result: call('_==_', [ident(RESULT), int(1n)]) })
}

/** `x.transform(k, v, value)` or `x.transform(k, v, filter, value)`. */
function transforming(start: () => Expr, add: (value: Expr, key: Expr) => Expr): Make {
  return (over, named, body, more) => {
    const value = more ?? body
    const added = add(named(value), call('_[_]', [ident(ENTRY), int(0n)]))
    const step = more ? call('_?_:_', [named(body), added, ident(RESULT)]) : added
    return over2(over, start(), step)
  }
}

const over2 = (
  over: Expr,
  start: Expr,
  step: Expr,
  { goOn = truth(true), result = ident(RESULT) }: { goOn?: Expr; result?: Expr } = {},
): Expr =>
  fold({
    over: call(ENTRIES, [over]),
    item: ENTRY,
    accumulator: RESULT,
    start,
    goOn,
    step,
    result,
  })

const nameOf = ({ exprKind }: Expr): string | undefined =>
  exprKind.case === 'identExpr' ? exprKind.value.name : undefined

/** `[?a, b]` and `{?k: v}` become calls with what is to be put together. */
function optionalElements({ exprKind }: Expr): Expr | undefined {
  if (exprKind.case === 'listExpr')
    return built(
      BUILD_LIST,
      exprKind.value.elements.map(element => [element]),
    )
  if (exprKind.case !== 'structExpr') return undefined
  const { messageName, entries } = exprKind.value
  if (messageName) throw new Error(`there is no message type ${messageName}`)
  return built(
    BUILD_MAP,
    entries.map(({ keyKind, value }) => [keyKind.value as Expr, value!]),
  )
}

/** The call for these elements, each with the part first that says whether it is optional; undefined where none is. */
function built(name: string, elements: readonly (readonly [Expr, ...Expr[]])[]): Expr | undefined {
  const parts = elements.map(([first, ...rest]) => {
    const optional = optionalOf(first)
    return { optional, part: list([optional ?? first, ...rest, truth(optional !== undefined)]) }
  })
  const isNeeded = parts.some(({ optional }) => optional !== undefined)
  return isNeeded ? call(name, [list(parts.map(({ part }) => part))]) : undefined
}

function optionalOf({ exprKind }: Expr): Expr | undefined {
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== ELEMENT) return undefined
  return exprKind.value.args[0] ?? node({ case: undefined })
}
