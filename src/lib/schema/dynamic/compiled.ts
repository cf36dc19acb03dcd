import { compileDynamic, type Dialect, type DynamicExpression } from './expression.ts'

/** An expression, or why there is none. */
export type Compiled = DynamicExpression | { readonly source: string; readonly problem: string }

/** Never throws: what cannot be compiled fails whenever it is evaluated. */
export function compiled(
  source: string,
  variables: readonly string[],
  dialect?: Dialect,
): Compiled {
  try {
    return compileDynamic(source, variables, dialect)
  } catch (error) {
    return { source, problem: (error as Error).message }
  }
}
