import type { Compiled } from '#src/lib/schema/dynamic/compiled.ts'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'

/** What an expression comes to, with its failure in the words of kube-apiserver. */
export function evaluated(
  expression: Compiled,
  bindings: Bindings,
): { readonly value: unknown } | { readonly error: string } {
  if ('problem' in expression) return { error: `compilation error: ${expression.problem}` }
  const outcome = expression.evaluate(bindings)
  return 'error' in outcome
    ? { error: `expression '${expression.source}' resulted in error: ${outcome.error}` }
    : { value: outcome.value }
}

/** Whether all conditions are met. One that is not counts for more than one that fails. */
export function conditionsMet(
  conditions: readonly Compiled[],
  bindings: Bindings,
): { readonly met: boolean } | { readonly error: string } {
  const errors = new Set<string>()
  for (const condition of conditions) {
    const outcome = evaluated(condition, bindings)
    if ('error' in outcome) errors.add(outcome.error)
    else if (outcome.value === false) return { met: false }
  }
  if (errors.size === 0) return { met: true }
  const [first] = errors
  return { error: errors.size === 1 ? first! : `[${[...errors].join(', ')}]` }
}
