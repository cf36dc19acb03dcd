import type { Context } from '../policy/context.ts'
import { conditionsMet } from '../policy/conditions.ts'
import { matches, type NamespaceOf } from '../match/matches.ts'
import { StatusError } from '../../status-error.ts'
import { groupResource } from '../refusal.ts'
import type { Hook } from './hook.ts'

/**
 * Whether a webhook is to be asked about a write. Throws StatusError 403 where its conditions fail and its failurePolicy
 * is Fail, and as `matches` does.
 */
export async function isRelevant(
  hook: Hook,
  context: Context,
  namespaceOf: NamespaceOf,
): Promise<boolean> {
  const { attributes } = context
  if (!(await matches(hook.criteria, attributes, namespaceOf))) return false
  if (hook.conditions.length === 0) return true
  const outcome = await context.settled(() =>
    conditionsMet(hook.conditions, context.authorized(context.bindings(undefined))),
  )
  if ('met' in outcome) return outcome.met
  if (hook.ignoresFailures) return false
  const { resource, name } = attributes
  const { group, plural } = resource.kind
  throw new StatusError(
    403,
    'Forbidden',
    `${groupResource(attributes)}${name ? ` ${JSON.stringify(name)}` : ''} is forbidden: ${outcome.error}`,
    { name, group, kind: plural },
  )
}
