import type { Expr } from './ast.ts'
import type { CelEnv } from '@bufbuild/cel'
import { env as ours } from './environment.ts'

/** They are evaluated by the library itself and are no functions of it. */
const OPERATORS: ReadonlySet<string> = new Set([
  '_&&_',
  '_||_',
  '_?_:_',
  '_[_]',
  '@not_strictly_false',
])

const TYPES = [
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

/** Throws where an expression names a variable, function or macro that is not there. */
export function checkNames(
  expression: Expr,
  variables: readonly string[],
  env: CelEnv = ours,
): void {
  visit(expression, new Set([...TYPES, ...variables]), env)
}

function visit({ exprKind }: Expr, scope: ReadonlySet<string>, env: CelEnv): void {
  const each = (expr: Expr | undefined, within = scope): void => {
    if (expr) visit(expr, within, env)
  }
  switch (exprKind.case) {
    case 'identExpr':
      if (!scope.has(exprKind.value.name))
        throw new Error(`undeclared reference to '${exprKind.value.name}'`)
      return
    case 'selectExpr':
      return each(exprKind.value.operand)
    case 'listExpr':
      return exprKind.value.elements.forEach(element => each(element))
    case 'structExpr':
      if (exprKind.value.messageName)
        throw new Error(`there is no message type ${exprKind.value.messageName}`)
      return exprKind.value.entries.forEach(({ keyKind, value }) => {
        if (keyKind.case === 'mapKey') each(keyKind.value)
        each(value)
      })
    case 'comprehensionExpr': {
      const { iterRange, iterVar, accuInit, accuVar, loopCondition, loopStep, result } =
        exprKind.value
      each(iterRange)
      each(accuInit)
      const outer = new Set([...scope, accuVar])
      const inner = new Set([...outer, iterVar])
      each(loopCondition, inner)
      each(loopStep, inner)
      return each(result, outer)
    }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value
      args.forEach(arg => each(arg))
      if (target?.exprKind.case === 'identExpr' && !scope.has(target.exprKind.value.name))
        return checkFunction(env, `${target.exprKind.value.name}.${name}`, args.length, false)
      each(target)
      if (!OPERATORS.has(name)) checkFunction(env, name, args.length, target !== undefined)
      return
    }
    default:
      if (exprKind.case === undefined) throw new Error('an optional element has to have a value')
  }
}

function checkFunction(env: CelEnv, name: string, count: number, isMethod: boolean): void {
  const candidates = [...(env.funcs.find(name) ?? [])]
  if (candidates.length === 0) throw new Error(`there is no function or macro '${name}' here`)
  const fits = candidates.some(
    ({ target, arguments: parameters }) =>
      (target !== undefined) === isMethod && parameters.length === count,
  )
  if (!fits)
    throw new Error(`'${name}' does not exist as a ${isMethod ? 'method' : 'function'} of ${count}`)
}
