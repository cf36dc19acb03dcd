import { parse } from '@bufbuild/cel'
import { desugared } from '#src/lib/schema/dynamic/desugar.ts'
import type { Expr } from '#src/lib/schema/dynamic/ast.ts'
import type { PolicyType } from '../names.ts'
import { positionOf, type Fault } from './fault.ts'
import { argumentsOf, type Shape } from './functions.ts'
import { macroOf } from './macros.ts'
import { syntaxFault } from './syntax.ts'

/** What an expression may speak of. */
export interface Scope {
  readonly type: PolicyType
  /** Variables that are there wherever it stands. */
  readonly roots: ReadonlySet<string>
  /** What `variables` has there; undefined where nothing of it can be read yet. */
  readonly variables: ReadonlySet<string>
  /** The objects that are written as `Object{...}`; a mutation's alone. */
  readonly messages: boolean
  /** Names of variables and functions that may not be used, each with the reason. */
  readonly forbidden: ReadonlyMap<string, string>
}

const TYPES: ReadonlySet<string> = new Set(
  'bool bytes double dyn int list map null_type optional_type string type uint'.split(' '),
)

/** They are evaluated by the library itself and are no functions of it, or are helpers of what is written otherwise. */
const SYNTAX = /^(?:_.*|-_|!_|@in|@not_strictly_false|has|optional_(?:select|index|element)__)$/

/**
 * What is wrong with an expression: its syntax, or the names of variables and functions that are not there, or that may not be
 * used. Types are not looked at. Never throws.
 */
export function faultsOf(source: string, scope: Scope): readonly Fault[] {
  // What is left open would be found far from where it is; without a line behind it, a comment would not end.
  const open = syntaxFault(source)
  if (open) return [open]
  const { text, originOf } = desugared(source)
  try {
    const { expr, sourceInfo } = parse(`${text}\n`)
    const faults: Fault[] = []
    const at = (id: bigint): { line: number; column: number } =>
      positionOf(source, originOf(sourceInfo?.positions[String(id)] ?? 0))
    new Visitor(scope, (id, fault) => faults.push({ ...at(id), ...fault })).visit(expr, [])
    return faults
  } catch (error) {
    return [parseFault(source, originOf, error)]
  }
}

function parseFault(source: string, originOf: (offset: number) => number, error: unknown): Fault {
  const { location, message, rawMessage } = error as Error & {
    readonly location?: { readonly start: { readonly offset: number } }
    readonly rawMessage?: string
  }
  const what = (rawMessage ?? message).replace(/ but expecting .*$/s, ' where it makes no sense')
  return {
    ...positionOf(source, location ? originOf(location.start.offset) : 0),
    kind: 'syntax',
    problem: what.replace(/^found (\S+) /, (_, sign: string) => `found ${JSON.stringify(sign)} `),
    fix: 'write an expression of CEL',
  }
}

type Report = (id: bigint, fault: Omit<Fault, 'line' | 'column'>) => void

class Visitor {
  readonly #scope: Scope
  readonly #report: Report

  constructor(scope: Scope, report: Report) {
    this.#scope = scope
    this.#report = report
  }

  /** `bound` are the names that loops around it have declared. */
  visit(expr: Expr, bound: readonly string[]): void {
    const { exprKind, id } = expr
    switch (exprKind.case) {
      case 'identExpr':
        return this.#name(id, exprKind.value.name, bound)
      case 'selectExpr': {
        const { operand, field } = exprKind.value
        const path = operand && pathOf(operand)
        if (path === 'variables' && !bound.includes(path)) return this.#variable(id, field)
        if (this.#isName(expr, bound)) return
        return operand && this.visit(operand, bound)
      }
      case 'listExpr':
        return exprKind.value.elements.forEach(element => this.visit(element, bound))
      case 'structExpr': {
        const { messageName, entries } = exprKind.value
        if (messageName) this.#message(id, messageName)
        for (const { keyKind, value } of entries) {
          if (keyKind.case === 'mapKey') this.visit(keyKind.value, bound)
          if (value) this.visit(value, bound)
        }
        return
      }
      case 'comprehensionExpr': {
        const { iterRange, iterVar, iterVar2, accuInit, accuVar, loopCondition, loopStep, result } =
          exprKind.value
        const inner = [...bound, iterVar, iterVar2, accuVar]
        for (const outside of [iterRange, accuInit]) if (outside) this.visit(outside, bound)
        for (const inside of [loopCondition, loopStep, result])
          if (inside) this.visit(inside, inner)
        return
      }
      case 'callExpr':
        return this.#call(expr, bound)
      default:
        return
    }
  }

  #call(expr: Expr, bound: readonly string[]): void {
    const { function: name, target, args } = callOf(expr)
    const path = target && pathOf(target)
    const macro = macroOf(path, name, args.length, target !== undefined)
    if (macro) {
      if (target && path !== 'cel') this.visit(target, bound)
      const inner = [...bound, ...macro.names.map(index => pathOf(args[index]!) ?? '')]
      args.forEach((arg, index) => {
        if (!macro.names.includes(index))
          this.visit(arg, macro.scoped.includes(index) ? inner : bound)
      })
      return
    }
    args.forEach(arg => this.visit(arg, bound))
    if (SYNTAX.test(name)) return target && this.visit(target, bound)
    const root = path?.split('.')[0]
    const isQualified =
      path !== undefined &&
      !bound.includes(root!) &&
      argumentsOf(`${path}.${name}`, this.#scope.type) !== undefined
    if (isQualified) return this.#function(expr.id, `${path}.${name}`, args.length, 'function')
    if (target) this.visit(target, bound)
    this.#function(expr.id, name, args.length, target ? 'method' : 'function')
  }

  #function(id: bigint, name: string, count: number, shape: Shape): void {
    if (shape === 'function') {
      const reason = this.#forbidden(name) ?? this.#forbidden(name.split('.')[0]!)
      if (reason) return this.#refuse(id, name, reason)
    }
    const known = argumentsOf(name, this.#scope.type)?.[shape]
    if (!known) {
      const other = argumentsOf(name, this.#scope.type)
      return this.#report(id, {
        kind: 'function',
        problem: other
          ? `"${name}" is a ${shape === 'method' ? 'function' : 'method'} and not a ${shape}`
          : `there is no function "${name}"`,
        fix: other
          ? `write ${shape === 'method' ? `${name}(x)` : `x.${name}()`}`
          : 'use a function of CEL, Kubernetes or Kyverno',
      })
    }
    if (known !== 'any' && !known.includes(count))
      this.#report(id, {
        kind: 'function',
        problem: `"${name}" does not take ${count} ${count === 1 ? 'argument' : 'arguments'}`,
        fix: `give it ${known.join(' or ')}`,
      })
  }

  #name(id: bigint, name: string, bound: readonly string[]): void {
    const plain = name.replace(/^\./, '')
    if (bound.includes(name)) return
    const reason = this.#forbidden(plain)
    if (reason) return this.#refuse(id, plain, reason)
    if (TYPES.has(plain) || this.#scope.roots.has(plain)) return
    this.#report(id, {
      kind: 'name',
      problem: `there is no variable "${plain}"`,
      fix: `use one of ${[...this.#scope.roots].join(', ')}`,
    })
  }

  #variable(id: bigint, name: string): void {
    const { variables } = this.#scope
    if (variables.has(name)) return
    this.#report(id, {
      kind: 'name',
      problem: `there is no parameter or variable "${name}"`,
      fix:
        variables.size > 0
          ? `use one of ${[...variables].join(', ')}, or declare it before`
          : 'write out what it stands for: none can be read here',
    })
  }

  #message(id: bigint, name: string): void {
    const isKnown = /^\.?google\.protobuf\./.test(name)
    if (isKnown || (this.#scope.messages && /^(?:Object(?:\..+)?|JSONPatch)$/.test(name))) return
    this.#report(id, {
      kind: 'name',
      problem: `there is no type "${name}"`,
      fix: 'write a map, {"key": value}',
    })
  }

  /** Types with dots, such as google.protobuf.Timestamp. */
  #isName(expr: Expr, bound: readonly string[]): boolean {
    const path = pathOf(expr)
    return path !== undefined && !bound.includes('google') && /^google\.protobuf\.\w+$/.test(path)
  }

  readonly #forbidden = (name: string): string | undefined => this.#scope.forbidden.get(name)

  #refuse(id: bigint, name: string, reason: string): void {
    this.#report(id, {
      kind: 'forbidden',
      problem: `"${name}" ${reason}`,
      fix: 'leave it out, or have a platform admin create the template in "kradle-system"',
    })
  }
}

const callOf = ({ exprKind }: Expr) =>
  (exprKind as Extract<typeof exprKind, { case: 'callExpr' }>).value

/** `a.b.c` as a text; undefined for anything that is not just names. */
function pathOf({ exprKind }: Expr): string | undefined {
  if (exprKind.case === 'identExpr') return exprKind.value.name.replace(/^\./, '')
  if (exprKind.case !== 'selectExpr' || exprKind.value.testOnly || !exprKind.value.operand)
    return undefined
  const operand = pathOf(exprKind.value.operand)
  return operand === undefined ? undefined : `${operand}.${exprKind.value.field}`
}
