import type { Definition, Schema } from '#hack/gen/definitions.ts'
import type { Handwritten } from './handwritten.ts'

/** Every CEL rule of a definition as `<path>: <rule>`, in one line each. */
export function rulesOf(schema: Schema, path = ''): string[] {
  const { properties = {}, items, additionalProperties } = schema
  return [
    ...(schema['x-kubernetes-validations'] ?? []).map(
      ({ rule }) => `${path}: ${rule.trim().replaceAll(/\s+/g, ' ')}`,
    ),
    ...Object.entries(properties).flatMap(([name, field]) =>
      rulesOf(field, path ? `${path}.${name}` : name),
    ),
    ...(items ? rulesOf(items, `${path}[]`) : []),
    ...(typeof additionalProperties === 'object' ? rulesOf(additionalProperties, `${path}{}`) : []),
  ]
}

/** That of every kind of an organisation; its case is generated. */
const FIXED_ORGANIZATION = 'spec.organizationRef: self == oldSelf'

/** The rules that nobody has written a refusal for, and the refusals that are for no rule (any more). */
export function unmatched(
  { schema, scope }: Definition,
  { refused = [] }: Handwritten,
): { rules: string[]; refusals: string[] } {
  const rules = rulesOf(schema).filter(rule => scope !== 'org' || rule !== FIXED_ORGANIZATION)
  const starts = refused.flatMap(({ rule }) => rule ?? [])
  return {
    rules: rules.filter(rule => !starts.some(start => rule.startsWith(start))),
    refusals: starts.filter(start => !rules.some(rule => rule.startsWith(start))),
  }
}
