import { judgedKinds } from './kinds.ts'
import type { MatchConstraints, ResourceRule } from './kyverno.ts'

/**
 * The same constraints with versions by name where they say `*`. Kyverno takes `*` at admission, but finds no kind by it in
 * the background: what is there already would never be reported.
 */
export function withVersions(constraints: MatchConstraints): MatchConstraints {
  const { resourceRules } = constraints
  return resourceRules ? { ...constraints, resourceRules: resourceRules.map(named) } : constraints
}

function named(rule: ResourceRule): ResourceRule {
  const { apiGroups = [], apiVersions = [], resources = [] } = rule
  if (!apiVersions.includes('*')) return rule
  const plurals = resources.map(resource => resource.split('/')[0]!)
  const versions = judgedKinds
    .filter(({ group, plural }) => apiGroups.includes(group) && plurals.includes(plural))
    .map(({ version }) => version)
  return { ...rule, apiVersions: [...new Set(versions)] }
}
