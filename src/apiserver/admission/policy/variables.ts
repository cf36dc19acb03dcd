import { celError, celMap, type CelMap, type CelValue } from '@bufbuild/cel'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'
import type { Compiled } from './conditions.ts'

/** The bindings with `variables`, each of which is evaluated when it is first looked at. */
export function withVariables(
  bindings: Bindings,
  variables: ReadonlyMap<string, Compiled>,
): Bindings {
  const known = new Map<string, CelValue>()
  const complete: Record<string, CelValue> = { ...bindings }
  const value = (key: CelValue): CelValue | undefined => {
    // Variables have names; whatever else is asked for is not there.
    const name = key as string
    const expression = variables.get(name)
    if (!expression || known.has(name)) return known.get(name)
    const found = valueOf(name, expression, complete)
    known.set(name, found)
    return found
  }
  complete['variables'] = Object.assign(celMap(new Map()), {
    get: value,
    has: (key: CelValue) => variables.has(key as string),
  }) satisfies CelMap
  return complete
}

function valueOf(name: string, expression: Compiled, bindings: Bindings): CelValue {
  if ('problem' in expression)
    return failure(`composited variable "${name}" fails to compile: ${expression.problem}`)
  const outcome = expression.evaluate(bindings)
  return 'error' in outcome
    ? failure(`composited variable "${name}" fails to evaluate: ${outcome.error}`)
    : (outcome.result as CelValue)
}

/** An error is a value to the evaluator, which hands it on. */
const failure = (message: string): CelValue => celError(message) as unknown as CelValue
