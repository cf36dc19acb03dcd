import { celError, celMap, type CelMap, type CelValue } from '@bufbuild/cel'
import type { Bindings } from './expression.ts'
import type { Compiled } from './compiled.ts'

/** What is said of a variable that has no value. */
export type Failed = (name: string, to: 'compile' | 'evaluate', problem: string) => string

const inWordsOfKubernetes: Failed = (name, to, problem) =>
  `composited variable "${name}" fails to ${to}: ${problem}`

/** The bindings with `variables`, each of which is evaluated when it is first looked at. */
export function withVariables(
  bindings: Bindings,
  variables: ReadonlyMap<string, Compiled>,
  failed: Failed = inWordsOfKubernetes,
): Bindings {
  const known = new Map<string, CelValue>()
  const complete: Record<string, CelValue> = { ...bindings }
  const value = (key: CelValue): CelValue | undefined => {
    // Variables have names; whatever else is asked for is not there.
    const name = key as string
    const expression = variables.get(name)
    if (!expression || known.has(name)) return known.get(name)
    const found = valueOf(name, expression, complete, failed)
    known.set(name, found)
    return found
  }
  complete['variables'] = Object.assign(celMap(new Map()), {
    get: value,
    has: (key: CelValue) => variables.has(key as string),
  }) satisfies CelMap
  return complete
}

function valueOf(name: string, expression: Compiled, bindings: Bindings, failed: Failed): CelValue {
  if ('problem' in expression) return failure(failed(name, 'compile', expression.problem))
  const outcome = expression.evaluate(bindings)
  return 'error' in outcome
    ? failure(failed(name, 'evaluate', outcome.error))
    : (outcome.result as CelValue)
}

/** An error is a value to the evaluator, which hands it on. */
const failure = (message: string): CelValue => celError(message) as unknown as CelValue
