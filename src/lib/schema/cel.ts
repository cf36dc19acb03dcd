import { isCelError, parse, plan, type CelInput } from '@bufbuild/cel'
import { checkExpression } from './cel-check.ts'
import { env } from './cel-env.ts'
import type { Structural } from './structural.ts'

/** What an expression came to: a value, or why it has none. */
export type Outcome = { readonly value: unknown } | { readonly error: string }

/** A compiled expression, to be asked as often as one likes. */
export type Expression = (bindings: Readonly<Record<string, CelInput>>) => Outcome

export interface CompiledExpression {
  readonly evaluate: Expression
  readonly usesOldSelf: boolean
}

/**
 * Compiles an expression about a value of this node. Throws with what is wrong: syntax, a function or macro that is
 * not there, a field that the node has not.
 */
export function compileExpression(source: string, self: Structural): CompiledExpression {
  const parsed = parse(source)
  const { usesOldSelf } = checkExpression(parsed.expr, self)
  const run = plan(env, parsed)
  return {
    usesOldSelf,
    evaluate(bindings) {
      const result = run(bindings)
      return isCelError(result) ? { error: worded(result.message) } : { value: result }
    },
  }
}

/** What the library says, in the words of the API server. */
export const worded = (message: string): string =>
  message
    .replace(/^(?:field|key) not found:/, 'no such key:')
    .replace(/^index (\S+) out of bounds.*$/s, 'index out of bounds: $1')
    .replace(/^int divide by zero$/, 'division by zero')
    .replace(/^found no matching overload for.*$/s, 'no such overload')
