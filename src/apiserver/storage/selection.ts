import { sql, type RawBuilder } from 'kysely'
import type { Resource } from '../resource.ts'
import type { FieldRequirement, LabelRequirement } from '../selectors.ts'
import { hasLabel, isField, isLabel, uuids } from './terms.ts'

type Condition = RawBuilder<unknown>

interface Selectors {
  readonly labels?: readonly LabelRequirement[]
  readonly fields?: readonly FieldRequirement[]
}

/** No name has it, and PostgreSQL takes no text with it. */
const NUL = '\0'

const never = sql`false`

export const and = (conditions: readonly Condition[]): Condition => sql.join(conditions, sql` and `)

export const isSelective = ({ labels = [], fields = [] }: Selectors): boolean =>
  labels.length + fields.length > 0

/** Conditions on a row with columns namespace and name, and `terms`; none where everything is meant. */
export function selection(resource: Resource, query: Selectors, terms: Condition): Condition[] {
  const { labels = [], fields = [] } = query
  const all: string[] = []
  const conditions: Condition[] = []
  const holds = (any: readonly string[], wanted: boolean) => {
    // All that has to be there is looked for at once, in one search of the index.
    if (wanted && any.length === 1) all.push(...any)
    else if (wanted) conditions.push(sql`${terms} && ${uuids(any)}::uuid[]`)
    else conditions.push(sql`not ${terms} && ${uuids(any)}::uuid[]`)
  }
  for (const { key, operator, values } of labels) {
    if (operator === 'exists' || operator === '!')
      holds([hasLabel(resource, key)], operator === 'exists')
    else
      holds(
        values.map(value => isLabel(resource, key, value)),
        operator === 'in',
      )
  }
  for (const { field, operator, value } of fields) {
    if (field === 'metadata.name' || field === 'metadata.namespace')
      conditions.push(keyIs(field.slice('metadata.'.length), operator, value))
    else holds([isField(resource, `.${field}`, value)], operator === '=')
  }
  if (all.length > 0) conditions.push(sql`${terms} @> ${uuids(all)}::uuid[]`)
  return conditions
}

function keyIs(column: string, operator: '=' | '!=', value: string): Condition {
  if (value.includes(NUL)) return operator === '=' ? never : sql`true`
  return operator === '=' ? sql`${sql.ref(column)} = ${value}` : sql`${sql.ref(column)} <> ${value}`
}

/** Where in the order of keys to look: a namespace, or all of them, and behind a key. */
export function range(
  namespace: string | undefined,
  after: { readonly namespace: string; readonly name: string } | undefined,
): Condition[] {
  const conditions: Condition[] = []
  if (namespace?.includes(NUL)) return [never]
  if (namespace !== undefined) conditions.push(sql`namespace = ${namespace}`)
  if (after)
    conditions.push(
      sql`(namespace, name) > (${withoutNul(after.namespace)}, ${withoutNul(after.name)})`,
    )
  return conditions
}

/** NUL comes before all else, so that what begins with it may be taken for what comes before it. */
const withoutNul = (text: string): string => text.split(NUL, 1)[0]!
