import { isCelError, parse, plan, type CelEnv, type CelResult, type CelValue } from '@bufbuild/cel'
import { worded, type Outcome } from '../cel.ts'
import { checkNames } from './check.ts'
import { desugar } from './desugar.ts'
import type { Expr } from './ast.ts'
import { env } from './environment.ts'
import { counting, guarded } from './guard.ts'
import { expanded } from './macros.ts'

/** The values of variables by name; a name may have dots. */
export type Bindings = Readonly<Record<string, CelValue>>

/** A compiled expression over values without a schema. */
export interface DynamicExpression {
  /** As it was written. */
  readonly source: string
  evaluate(bindings: Bindings): Outcome & { readonly result: CelResult }
}

/** What somebody else's language has that ours has not. */
export interface Dialect {
  readonly env: CelEnv
  /** Writes out its macros. */
  expand(expr: Expr): Expr
}

const OURS: Dialect = { env, expand: expr => expr }

/**
 * Compiles an expression of an admission policy or a match condition. Throws with what is wrong: syntax, or a variable,
 * function or macro that is not there. Types are not checked: kube-apiserver refuses policies whose types do not fit.
 */
export function compileDynamic(
  source: string,
  variables: readonly string[],
  dialect: Dialect = OURS,
): DynamicExpression {
  // Without a line behind it, a comment would not end.
  const expr = expanded(dialect.expand(parse(`${desugar(source)}\n`).expr))
  checkNames(expr, variables, dialect.env)
  const run = plan(dialect.env, guarded(expr))
  return {
    source,
    evaluate(bindings) {
      const result = counting(() => run(bindings))
      return isCelError(result)
        ? { error: worded(result.message), result }
        : { value: result, result }
    },
  }
}
