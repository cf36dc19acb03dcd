import type { UnknownObject } from '#src/api/object.ts'
import { judge } from '#src/policy/evaluate.ts'
import { exceptionOf, isOver } from '#src/policy/exception.ts'
import { render } from '#src/policy/render.ts'
import type { Line } from './line.ts'
import type { Drafted } from './lines.ts'

/**
 * The line as it is now. Where an exception began or ended since the result was found, or may be all that lets the object
 * through, it is judged by the policy and the exceptions that hold; undefined where the policy is about the object no more. Without the object or its template, and
 * for policies that do not validate, the line says that this is still to come.
 */
export function anew(
  { line, pair, exemptions, isStale }: Drafted,
  object: UnknownObject | undefined,
  now: Date,
): Line | undefined {
  if (!isStale || !pair) return line
  const { binding, template } = pair
  const policy = template && render({ template, binding, profile: undefined, now }).policy
  if (!object || !policy || template.spec.kyverno.type !== 'Validating')
    return { ...line, judged: 'not yet' }
  const exceptions = exemptions
    .filter(request => !isOver(request, now))
    .flatMap(request => exceptionOf({ request, binding, template }) ?? [])
  const judgement = judge(policy, object, exceptions, now)
  if (!judgement) return undefined
  const { message, exceptions: needed } = judgement
  // Where it comes through for no other reason than an exception, it does not comply.
  const result = judgement.result === 'pass' && needed.length > 0 ? 'skip' : judgement.result
  return { ...line, result, message, at: `${now.toISOString().slice(0, 19)}Z`, judged: 'anew' }
}
