import type { parse } from '@bufbuild/cel'

/** An expression as the parser gives it. */
export type Expr = ReturnType<typeof parse>['expr']
export type ExprKind = Expr['exprKind']
export type Call = Extract<ExprKind, { case: 'callExpr' }>['value']

export const node = (exprKind: ExprKind): Expr => ({
  $typeName: 'cel.expr.Expr',
  id: 0n,
  exprKind,
})

export const ident = (name: string): Expr =>
  node({ case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name } })

export const call = (name: string, args: Expr[], target?: Expr): Expr =>
  node({
    case: 'callExpr',
    value: { $typeName: 'cel.expr.Expr.Call', function: name, args, ...(target && { target }) },
  })

export const list = (elements: Expr[]): Expr =>
  node({
    case: 'listExpr',
    value: { $typeName: 'cel.expr.Expr.CreateList', elements, optionalIndices: [] },
  })

export const emptyMap = (): Expr =>
  node({
    case: 'structExpr',
    value: { $typeName: 'cel.expr.Expr.CreateStruct', messageName: '', entries: [] },
  })

export const truth = (value: boolean): Expr =>
  node({
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'boolValue', value } },
  })

export const int = (value: bigint): Expr =>
  node({
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'int64Value', value } },
  })

export interface Fold {
  readonly over: Expr
  readonly item: string
  readonly accumulator: string
  readonly start: Expr
  readonly goOn: Expr
  readonly step: Expr
  readonly result: Expr
}

/** A comprehension: what macros become. */
export const fold = ({ over, item, accumulator, start, goOn, step, result }: Fold): Expr =>
  node({
    case: 'comprehensionExpr',
    value: {
      $typeName: 'cel.expr.Expr.Comprehension',
      iterRange: over,
      iterVar: item,
      iterVar2: '',
      accuVar: accumulator,
      accuInit: start,
      loopCondition: goOn,
      loopStep: step,
      result,
    },
  })

/** `body` with a name for `value`. */
export const bind = (name: string, value: Expr, body: Expr): Expr =>
  fold({
    over: list([]),
    item: '@none',
    accumulator: name,
    start: value,
    goOn: truth(false),
    step: ident(name),
    result: body,
  })

/** The same tree with each node replaced by what `change` makes of it, from the leaves up. */
export function rewritten(expr: Expr, change: (expr: Expr) => Expr): Expr {
  const of = (child: Expr): Expr => rewritten(child, change)
  const may = <C extends Expr | undefined>(child: C): C => (child && of(child)) as C
  const { exprKind } = expr
  const kind = ((): ExprKind => {
    switch (exprKind.case) {
      case 'selectExpr':
        return { ...exprKind, value: { ...exprKind.value, operand: of(exprKind.value.operand!) } }
      case 'callExpr': {
        const { target, args } = exprKind.value
        return {
          ...exprKind,
          value: { ...exprKind.value, args: args.map(of), ...(target && { target: of(target) }) },
        }
      }
      case 'listExpr':
        return {
          ...exprKind,
          value: { ...exprKind.value, elements: exprKind.value.elements.map(of) },
        }
      case 'structExpr': {
        const entries = exprKind.value.entries.map(entry => ({
          ...entry,
          keyKind:
            entry.keyKind.case === 'mapKey'
              ? { ...entry.keyKind, value: of(entry.keyKind.value) }
              : entry.keyKind,
          value: of(entry.value!),
        }))
        return { ...exprKind, value: { ...exprKind.value, entries } }
      }
      case 'comprehensionExpr': {
        const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value
        return {
          ...exprKind,
          value: {
            ...exprKind.value,
            iterRange: may(iterRange)!,
            accuInit: may(accuInit)!,
            loopCondition: may(loopCondition)!,
            loopStep: may(loopStep)!,
            result: may(result)!,
          },
        }
      }
      default:
        return exprKind
    }
  })()
  return change({ ...expr, exprKind: kind })
}
