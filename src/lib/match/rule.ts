import type { Kind } from '#src/api/kind.ts'

/** admissionregistration.k8s.io/v1 RuleWithOperations, and NamedRuleWithOperations with its names. */
export interface MatchRule {
  readonly operations?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  /** A resource, and behind a slash its subresource; either may be an asterisk, and without a slash it is the object itself. */
  readonly resources?: readonly string[]
  readonly scope?: string
  /** None is all of them. */
  readonly resourceNames?: readonly string[]
}

/** One write, as far as rules look at it; '' is no namespace, no name, no subresource. */
export interface Write {
  readonly operation: string
  readonly namespace: string
  readonly name: string
  readonly resource: { readonly kind: Pick<Kind, 'group' | 'version' | 'plural'> }
  readonly subresource: string
}

const has = (items: readonly string[] | undefined, wanted: string): boolean =>
  items !== undefined && (items.includes('*') || items.includes(wanted))

/** Whether a write is among those that a rule speaks of. There is one version of everything, so none is like another. */
export function matchesRule(rule: MatchRule, write: Write): boolean {
  const { operation, namespace, name, resource, subresource } = write
  const { group, version, plural } = resource.kind
  return (
    isInScope(rule.scope, namespace) &&
    has(rule.operations, operation) &&
    has(rule.apiGroups, group) &&
    has(rule.apiVersions, version) &&
    (rule.resources ?? []).some(each => matchesResource(each, plural, subresource)) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  )
}

function isInScope(scope: string | undefined, namespace: string): boolean {
  if (scope === undefined || scope === '*') return true
  if (scope === 'Namespaced') return namespace !== ''
  return scope === 'Cluster' && namespace === ''
}

function matchesResource(pattern: string, plural: string, subresource: string): boolean {
  const slash = pattern.indexOf('/')
  const resource = slash < 0 ? pattern : pattern.slice(0, slash)
  const sub = slash < 0 ? '' : pattern.slice(slash + 1)
  return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource)
}
