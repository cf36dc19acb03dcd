import { PolicyBinding, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { projectedFor } from '#src/lib/projection.ts'
import { named } from '#src/lib/references.ts'

/** What is to be done about the default templates of a profile. */
export interface DefaultBindings {
  /** What is to be created; whoever has one may do with it as he likes. */
  readonly bindings: readonly PolicyBinding[]
  /** Which templates cannot be bound, and why, as clauses. */
  readonly problems: readonly string[]
}

/**
 * A binding for every default template that the organisation has not bound in any way. One that
 * is there is never touched: to be without the policy its people suspend it, or take the
 * template out of the profile.
 */
export function defaultBindings(profile: PolicyProfile, cluster: Cluster): DefaultBindings {
  const namespace = profile.metadata.namespace ?? ''
  const there = cluster.list(PolicyBinding, namespace)
  const bindings: PolicyBinding[] = []
  const problems: string[] = []
  for (const name of profile.spec.defaultTemplates ?? []) {
    if (there.some(({ spec }) => spec.templateRef === name)) continue
    const template = named(PolicyTemplate, name, namespace, cluster)
    const problem = template ? unbindable(template, there) : `there is no PolicyTemplate "${name}"`
    if (problem !== undefined) problems.push(problem)
    else if (template) bindings.push(bindingOf(profile, template))
  }
  return { bindings, problems }
}

/** Why nobody but a person can bind a template. */
function unbindable(
  { metadata: { name }, spec }: PolicyTemplate,
  there: readonly PolicyBinding[],
): string | undefined {
  const needed = (spec.parameters ?? [])
    .filter(parameter => parameter.required && parameter.default === undefined)
    .map(parameter => parameter.name)
  if (needed.length > 0)
    return `PolicyTemplate "${name}" requires ${needed.join(', ')}: create a PolicyBinding that gives it`
  return there.some(({ metadata }) => metadata.name === name)
    ? `PolicyBinding "${name}" is of another template: create one of another name for PolicyTemplate "${name}"`
    : undefined
}

function bindingOf(profile: PolicyProfile, template: PolicyTemplate): PolicyBinding {
  const { name } = template.metadata
  const { mode } = profile.spec
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'PolicyBinding',
    metadata: projectedFor(profile, PolicyProfile, name),
    spec: {
      organizationRef: profile.spec.organizationRef,
      templateRef: name,
      profileRef: profile.metadata.name,
      mode: mode === 'mixed' ? template.spec.rolloutDefaults.mode : mode,
      suspend: false,
    },
  }
}
