import type { FieldRequirement, LabelRequirement } from '../selectors.ts'

/** Everything that an object must fulfil to be in a list or a watch. */
export interface Selectors {
  readonly labels: readonly LabelRequirement[]
  readonly fields: readonly FieldRequirement[]
}

/** What an object is selected by. */
export interface Selectable {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** By path with a leading dot; what is not there is ''. */
  readonly fields: Readonly<Record<string, string>>
}

/** Whether the object is among those that are asked for. */
export const matches = ({ labels, fields }: Selectors, object: Selectable): boolean =>
  labels.every(requirement => hasLabel(requirement, object.labels)) &&
  fields.every(
    ({ field, operator, value }) => (valueOf(field, object) === value) === (operator === '='),
  )

function hasLabel(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  if (operator === 'exists') return value !== undefined
  if (operator === '!') return value === undefined
  const listed = value !== undefined && values.includes(value)
  return operator === 'in' ? listed : !listed
}

function valueOf(field: string, { namespace, name, fields }: Selectable): string {
  if (field === 'metadata.name') return name
  if (field === 'metadata.namespace') return namespace
  return fields[`.${field}`] ?? ''
}
