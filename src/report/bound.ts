import type { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { homesOf } from '#src/lib/references.ts'
import { PolicyTemplate as Template } from '#src/api/policy/v1alpha1.ts'
import { policyNameOf } from '#src/policy/names.ts'

/** A binding with its template, as far as that is there. */
export interface Pair {
  readonly binding: PolicyBinding
  readonly template: PolicyTemplate | undefined
}

/** Bindings by what their policies are called, `namespace/name`; no two are called alike. */
export function pairsOf(
  bindings: readonly PolicyBinding[],
  templates: readonly PolicyTemplate[],
): ReadonlyMap<string, Pair> {
  const known = new Map(
    templates.map(template => [
      `${template.metadata.namespace}/${template.metadata.name}`,
      template,
    ]),
  )
  return new Map(
    bindings.map(binding => {
      const { namespace = '', name } = binding.metadata
      const template = homesOf(Template, namespace)
        .map(home => known.get(`${home}/${binding.spec.templateRef}`))
        .find(found => found !== undefined)
      return [
        `${namespace}/${policyNameOf(binding.spec.organizationRef, name)}`,
        { binding, template },
      ]
    }),
  )
}
