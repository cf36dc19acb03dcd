import type { parse } from '@bufbuild/cel'
import { env } from './cel-env.ts'
import { checkFunction, TYPES } from './cel-functions.ts'
import { celName } from './cel-names.ts'
import type { Structural } from './structural.ts'

type Expr = NonNullable<ReturnType<typeof parse>['expr']>

/** What is known of a value: its node; `undefined` is anything. */
type Known = Structural | undefined
type Scope = ReadonlyMap<string, Known>

/** Throws where an expression names what is not there: a variable, a function, a field of `self`. */
export function checkExpression(expression: Expr, self: Structural): { usesOldSelf: boolean } {
  const names = new Set<string>()
  knownOf(expression, new Map([...ALWAYS, ['self', self], ['oldSelf', self]]), names)
  return { usesOldSelf: names.has('oldSelf') }
}

const ALWAYS: readonly [string, Known][] = TYPES.map(name => [name, undefined])

/** Checks an expression and says what is known of its value. */
function knownOf({ exprKind }: Expr, scope: Scope, names: Set<string>): Known {
  const visit = (expr: Expr | undefined, within = scope): Known =>
    expr && knownOf(expr, within, names)
  switch (exprKind.case) {
    case 'identExpr': {
      const { name } = exprKind.value
      if (!scope.has(name)) throw new Error(`undeclared reference to '${name}'`)
      names.add(name)
      return scope.get(name)
    }
    case 'selectExpr':
      return fieldOf(visit(exprKind.value.operand), exprKind.value.field)
    case 'listExpr':
      for (const element of exprKind.value.elements) visit(element)
      return undefined
    case 'structExpr':
      if (exprKind.value.messageName)
        throw new Error(`there is no message type ${exprKind.value.messageName}`)
      for (const { keyKind, value } of exprKind.value.entries) {
        if (keyKind.case === 'mapKey') visit(keyKind.value)
        visit(value)
      }
      return undefined
    case 'comprehensionExpr': {
      const { iterRange, iterVar, accuInit, accuVar, loopCondition, loopStep, result } =
        exprKind.value
      const range = visit(iterRange)
      visit(accuInit)
      const inner = new Map([...scope, [iterVar, range?.items], [accuVar, undefined]])
      visit(loopCondition, inner)
      visit(loopStep, inner)
      visit(result, inner)
      return undefined
    }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value
      const isQualified =
        target?.exprKind.case === 'identExpr' && !scope.has(target.exprKind.value.name)
      const known = isQualified ? undefined : visit(target)
      const [first] = args.map(arg => visit(arg))
      if (isQualified) {
        const { name: qualifier } = target.exprKind.value as { name: string }
        checkFunction(env.funcs, `${qualifier}.${name}`, args.length, false)
      } else checkFunction(env.funcs, name, args.length, target !== undefined)
      if (name === '_[_]') return elementOf(first)
      // The value of an optional is what the optional was made of.
      return name === 'value' ? known : undefined
    }
    default:
      return undefined
  }
}

function fieldOf(node: Known, name: string): Known {
  if (node?.additional && node.additional !== true) return node.additional
  if (node?.type !== 'object') return undefined
  for (const [field, property] of node.properties ?? [])
    if (celName(field) === name) return property
  throw new Error(`undefined field '${name}'`)
}

const elementOf = (node: Known): Known =>
  node?.items ?? (node?.additional === true ? undefined : node?.additional)
