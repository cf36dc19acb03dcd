import type { Namespace } from '#src/api/core/v1.ts'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'
import { conditionsMet, evaluated } from './conditions.ts'
import type { Context } from './context.ts'
import type { Policy, Validation } from './policy.ts'
import { withVariables } from '#src/lib/schema/dynamic/variables.ts'

/** One thing that a policy has against a write. */
export interface Objection {
  readonly message: string
  /** '' where something failed rather than was found. */
  readonly reason: string
  /** It counts whatever the binding says should be done. */
  readonly regardless?: true
}

/** What a policy has against a write, after its matchConditions and its failurePolicy. Rejects where the request is over. */
export function objectionsOf(
  policy: Policy,
  context: Context,
  namespace: Namespace | undefined,
): Promise<readonly Objection[]> {
  return context.settled(() => {
    const objections = evaluate(policy, context, namespace)
    return policy.ignoresFailures ? objections.filter(({ reason }) => reason !== '') : objections
  })
}

const failed = (message: string): Objection => ({ message, reason: '' })

function evaluate(
  policy: Policy,
  context: Context,
  namespace: Namespace | undefined,
): readonly Objection[] {
  const { variables, problems } = policy
  const within = (bindings: Bindings): Bindings => withVariables(bindings, variables)
  const conditions = conditionsMet(
    policy.conditions,
    within(context.authorized(context.bindings(undefined))),
  )
  if ('error' in conditions) return [failed(conditions.error)]
  if (!conditions.met) return []
  if (problems.length > 0) return [failed(problems[0]!)]

  const bare = context.bindings(namespace)
  const authorized = within(context.authorized(bare))
  // Messages are not told what the requester may do besides.
  const plain = within(bare)
  return [
    ...policy.validations.flatMap(validation => objectionOf(validation, authorized, plain)),
    ...policy.auditAnnotations.flatMap(annotation => {
      // There is nowhere to write annotations to, but what fails to be annotated is refused all the same.
      const outcome = 'problem' in annotation ? { value: null } : evaluated(annotation, plain)
      if ('error' in outcome) return [{ ...failed(outcome.error), regardless: true as const }]
      return outcome.value === null || typeof outcome.value === 'string'
        ? []
        : [
            {
              ...failed(
                `valueExpression '${annotation.source}' resulted in unsupported return type. Return type must be either string or null.`,
              ),
              regardless: true as const,
            },
          ]
    }),
  ]
}

function objectionOf(
  validation: Validation,
  bindings: Bindings,
  plain: Bindings,
): readonly Objection[] {
  const outcome = evaluated(validation.expression, bindings)
  if ('error' in outcome) return [failed(outcome.error)]
  if (outcome.value === true) return []
  return [{ message: messageOf(validation, plain), reason: validation.reason }]
}

const MAX_MESSAGE_BYTES = 5 * 1024

/** What the expression says, unless that is nothing, too much, or more than a line; else the message; else the rule. */
function messageOf({ messageExpression, message, expression }: Validation, plain: Bindings) {
  const outcome = messageExpression && evaluated(messageExpression, plain)
  if (outcome && 'value' in outcome && typeof outcome.value === 'string') {
    const text = outcome.value.trim()
    if (text && !text.includes('\n') && Buffer.byteLength(text) <= MAX_MESSAGE_BYTES) return text
  }
  return message.trim() || `failed expression: ${expression.source.trim()}`
}
