import { goValue, quoted } from './go-text.ts'

/** Why an object is refused: one cause of the API server's Status. */
export interface Cause {
  /** The path of the field as the API server writes it, e.g. `spec.keys[0]`. */
  readonly field: string
  readonly reason: Reason
  readonly message: string
}

export type Reason =
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'

/** Stands for a value that is too big to be repeated. */
export const OMITTED = Symbol('omitted')

/** A value whose text is known. */
export class Shown {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const worded = (field: string, reason: Reason, title: string, detail: string): Cause => ({
  field,
  reason,
  message: detail ? `${title}: ${detail}` : title,
})

function of(title: string, value: unknown): string {
  if (value === OMITTED) return title
  return `${title}: ${value instanceof Shown ? value.text : goValue(value)}`
}

export const invalid = (field: string, value: unknown, detail: string): Cause =>
  worded(field, 'FieldValueInvalid', of('Invalid value', value), detail)

export const typeInvalid = (field: string, value: unknown, detail: string): Cause =>
  worded(field, 'FieldValueTypeInvalid', of('Invalid value', value), detail)

export const required = (field: string, detail = ''): Cause =>
  worded(field, 'FieldValueRequired', 'Required value', detail)

export const forbidden = (field: string, detail: string): Cause =>
  worded(field, 'FieldValueForbidden', 'Forbidden', detail)

export const duplicate = (field: string, value: unknown): Cause =>
  worded(field, 'FieldValueDuplicate', of('Duplicate value', value), '')

export const notSupported = (field: string, value: unknown, supported: readonly string[]): Cause =>
  worded(
    field,
    'FieldValueNotSupported',
    of('Unsupported value', value),
    `supported values: ${supported.map(quoted).join(', ')}`,
  )

/** `most` is in characters, whatever the wording says. */
export const tooLong = (field: string, most: number): Cause =>
  worded(field, 'FieldValueTooLong', 'Too long', `may not be more than ${counted(most, 'byte')}`)

export const tooMany = (field: string, size: number, most: number): Cause =>
  worded(
    field,
    'FieldValueTooMany',
    `Too many: ${size}`,
    `must have at most ${counted(most, 'item')}`,
  )

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const BLOCKING: ReadonlySet<Reason> = new Set<Reason>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** What leaves an object in such a shape that its rules are not asked any more. */
export const isBlocking = ({ reason }: Cause): boolean => BLOCKING.has(reason)
