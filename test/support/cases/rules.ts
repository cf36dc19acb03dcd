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

/** The rules that nobody has written a refusal for, and the refusals that are for no rule (any more) or for several. */
export function unmatched(
  { schema, scope }: Definition,
  { refused = [] }: Handwritten,
): { rules: string[]; refusals: string[] } {
  const rules = rulesOf(schema).filter(rule => scope !== 'org' || rule !== FIXED_ORGANIZATION)
  const meant = new Set(refused.flatMap(({ rule }) => rule ?? []))
  const found = (text: string) => rules.filter(rule => isMeant(rule, text))
  return {
    rules: rules.filter(rule => ![...meant].some(text => isMeant(rule, text))),
    refusals: [...meant].filter(text => found(text).length !== 1),
  }
}

/** Whether a rule begins so; `...` stands for anything. */
function isMeant(rule: string, text: string): boolean {
  const [start = '', ...parts] = text.split('...')
  let rest = rule.slice(start.length)
  return (
    rule.startsWith(start) &&
    parts.every(part => {
      const at = rest.indexOf(part)
      rest = rest.slice(at + part.length)
      return at >= 0
    })
  )
}
