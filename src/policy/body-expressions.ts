import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { isMap, listOf, mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import { BODY } from './body-fields.ts'
import { placeholders } from './cel/placeholders.ts'
import type { PolicyType } from './names.ts'

/** One expression of a body, and what it can read. */
export interface BodyExpression {
  readonly field: string
  /** What stands there; anything but a text is a problem of its own. */
  readonly source: unknown
  /** Which of `variables` are known there by then. */
  readonly variables: ReadonlySet<string>
  /** Where an image reference is all there is. */
  readonly onlyImage?: true
}

/** Those whose conditions are asked when variables are known; in the others conditions come first. */
const VARIABLES_FIRST: ReadonlySet<PolicyType> = new Set(['Mutating', 'Deleting'])

const NONE: ReadonlySet<string> = new Set()

/** Every expression of a body with what it can read, in the order in which Kyverno compiles them. */
export function expressionsOf({ spec: template }: PolicyTemplate): readonly BodyExpression[] {
  const { type, spec } = template.kyverno
  const known = new Set((template.parameters ?? []).map(({ name }) => name))
  const variables = listOf(spec['variables']).map((each, index): BodyExpression => {
    const expression = {
      field: `${BODY}.variables[${index}].expression`,
      source: mapOf(each)['expression'],
      variables: new Set(known),
    }
    known.add(textOf(mapOf(each)['name']))
    return expression
  })
  const inConditions = VARIABLES_FIRST.has(type) ? known : NONE
  const of = (list: string, fields: readonly string[], readable: ReadonlySet<string>) =>
    listOf(spec[list]).flatMap((each, index) =>
      fields.flatMap(path => found(each, path, `${BODY}.${list}[${index}]`, readable)),
    )
  const target = mapOf(spec['targetMatchConstraints'])['expression']
  return [
    ...variables,
    ...of('matchConditions', ['expression!'], inConditions),
    ...of('conditions', ['expression!'], inConditions),
    ...of('images', ['expression!'], NONE),
    ...of('matchImageReferences', ['expression'], NONE).map(each => ({
      ...each,
      onlyImage: true as const,
    })),
    ...(target === undefined
      ? []
      : [{ field: `${BODY}.targetMatchConstraints.expression`, source: target, variables: known }]),
    ...of('targetMatchConditions', ['expression!'], known),
    ...of('validations', ['expression!', 'messageExpression'], known),
    ...of('mutations', ['jsonPatch.expression', 'applyConfiguration.expression'], known),
    ...listOf(spec['generate']).flatMap((each, index) => generated(mapOf(each), index, known)),
    ...listOf(spec['attestors']).flatMap((each, index) =>
      nested(each, `${BODY}.attestors[${index}]`, known),
    ),
    ...of('auditAnnotations', ['valueExpression!'], known),
  ]
}

/** What stands at a path below an item; with an exclamation mark it has to be there. */
function found(
  item: unknown,
  path: string,
  at: string,
  variables: ReadonlySet<string>,
): BodyExpression[] {
  const steps = path.replace('!', '').split('.')
  const source = steps.reduce<unknown>((value, step) => mapOf(value)[step], item)
  return source === undefined && !path.endsWith('!')
    ? []
    : [{ field: `${at}.${steps.join('.')}`, source, variables }]
}

/** An expression, or a document; one that says so has expressions in double parentheses. */
function generated(item: Untyped, index: number, variables: ReadonlySet<string>): BodyExpression[] {
  const field = `${BODY}.generate[${index}]`
  const { value, interpolate } = mapOf(item['template'])
  if (value === undefined) return found(item, 'expression!', field, variables)
  const sources =
    typeof value === 'string' ? (interpolate === 'cel' ? placeholders(value) : []) : [value]
  return sources.map(source => ({ field: `${field}.template.value`, source, variables }))
}

/** Keys and certificates of attestors may be expressions, at whatever depth. */
function nested(value: unknown, at: string, variables: ReadonlySet<string>): BodyExpression[] {
  const expressions: BodyExpression[] = []
  // Not by calls: whoever writes it decides how deep it is.
  const pending = [{ key: '', value, at }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.key === 'expression')
      expressions.push({ field: next.at, source: next.value, variables })
    else if (isMap(next.value))
      for (const [key, inner] of Object.entries(next.value).toReversed())
        pending.push({ key, value: inner, at: `${next.at}.${key}` })
  }
  return expressions
}
