import type { UnknownObject } from '#src/api/object.ts'
import { exceptionOf, isOver } from '#src/policy/exception.ts'
import type { KyvernoPolicy, PolicyException } from '#src/policy/kyverno.ts'
import { render } from '#src/policy/render.ts'
import type { Line } from './line.ts'
import type { Drafted } from './lines.ts'

/** What Kyverno would say of an object now. */
export type Judge = (
  policy: KyvernoPolicy,
  object: UnknownObject,
  exceptions: readonly PolicyException[],
  now: Date,
) => { readonly result: Line['result']; readonly message: string }

/**
 * The line as it is now. Where an exception began or ended since the result was found, the object is judged by the policy
 * and the exceptions that hold; without the object or its template, the line says that this is still to come.
 */
export function anew(
  { line, pair, exemptions, isStale }: Drafted,
  object: UnknownObject | undefined,
  judge: Judge | undefined,
  now: Date,
): Line {
  if (!isStale || !pair) return line
  const { binding, template } = pair
  const policy = template && render({ template, binding, profile: undefined, now }).policy
  if (!template || !policy || !object || !judge) return { ...line, judged: 'not yet' }
  const exceptions = exemptions
    .filter(request => !isOver(request, now))
    .flatMap(request => exceptionOf({ request, binding, template }) ?? [])
  const { result, message } = judge(policy, object, exceptions, now)
  return { ...line, result, message, at: at(now), judged: 'anew' }
}

const at = (now: Date): string => `${now.toISOString().slice(0, 19)}Z`
