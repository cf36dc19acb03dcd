import type { Namespace } from '#src/api/core/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Attributes } from '../admission.ts'
import { namespaceNotFound } from '../namespace-lifecycle.ts'
import { internalError } from '../refusal.ts'
import { matchesRule, type MatchRule } from '#src/lib/match/rule.ts'
import { isEmptySelector, selects, type LabelSelector } from '#src/lib/match/selector.ts'

/** What a webhook, a policy or a binding says about the writes that it is for. */
export interface Criteria {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly excludeResourceRules?: readonly MatchRule[]
  /** Of a webhook none matches nothing; of a policy undefined matches everything. */
  readonly rules: readonly MatchRule[] | undefined
}

/** Gives the namespace of a write, if it has one and that is there. */
export type NamespaceOf = () => Promise<Namespace | undefined>

/**
 * Whether a write is one of those. Throws StatusError 404 where its namespace would have to be looked at and is not there,
 * and 500 where a selector is none.
 */
export async function matches(
  criteria: Criteria,
  attributes: Attributes,
  namespaceOf: NamespaceOf,
): Promise<boolean> {
  const { rules, excludeResourceRules = [] } = criteria
  // Cheapest first; errors of selectors count only where everything else matches.
  if (rules && !rules.some(rule => matchesRule(rule, attributes))) return false
  if (excludeResourceRules.some(rule => matchesRule(rule, attributes))) return false
  try {
    if (!matchesObject(criteria.objectSelector, attributes)) return false
    return await matchesNamespace(criteria.namespaceSelector, attributes, namespaceOf)
  } catch (error) {
    throw error instanceof SelectorError ? internalError(error.message) : error
  }
}

class SelectorError extends Error {}

function selected(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  try {
    return selects(selector, labels)
  } catch (error) {
    throw new SelectorError((error as Error).message)
  }
}

/** The object before or after; labels may come and go. */
function matchesObject(selector: LabelSelector | undefined, attributes: Attributes): boolean {
  if (!selector || isEmptySelector(selector)) return true
  const by = (object: UnknownObject | undefined): boolean =>
    object !== undefined && selected(selector, object.metadata.labels ?? {})
  return by(attributes.object) || by(attributes.oldObject)
}

/** What is in no namespace is never left out. */
async function matchesNamespace(
  selector: LabelSelector | undefined,
  { namespace: name }: Attributes,
  namespaceOf: NamespaceOf,
): Promise<boolean> {
  if (name === '' || !selector || isEmptySelector(selector)) return true
  const namespace = await namespaceOf()
  if (!namespace) throw namespaceNotFound(name)
  return selected(selector, namespace.metadata.labels ?? {})
}
