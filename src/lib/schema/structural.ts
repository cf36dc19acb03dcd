import type { Pattern } from './pattern.ts'
import type { Rule } from './rule.ts'

/** A JSON object. */
export type Fields = Record<string, unknown>

/** Whether a JSON value is an object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How a list is compared and merged (x-kubernetes-list-type). */
export type ListType = 'atomic' | 'set' | 'map'

/** One node of a structural schema, compiled. `undefined` means that the schema does not say. */
export interface Structural {
  /** '' where the schema leaves it open, which only int-or-string and preserve-unknown-fields may. */
  readonly type: string
  readonly nullable: boolean
  readonly intOrString: boolean
  readonly preserveUnknown: boolean
  readonly embedded: boolean
  readonly properties: ReadonlyMap<string, Structural> | undefined
  /** `true` takes anything. */
  readonly additional: Structural | true | undefined
  readonly items: Structural | undefined
  readonly required: readonly string[]
  readonly default: unknown
  readonly enum: readonly unknown[]
  /** '' too where the API server ignores what is written. */
  readonly format: string
  readonly pattern: Pattern | undefined
  readonly limits: Limits
  readonly listType: ListType
  readonly listMapKeys: readonly string[]
  readonly rules: readonly Rule[]
}

/** The limits of a node under the names they have in the schema. */
export interface Limits {
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
}

/** The schema of a field: a property's own, or that of additionalProperties; `true` where anything goes. */
export const fieldSchema = (node: Structural, name: string): Structural | true | undefined =>
  node.properties?.get(name) ?? node.additional
