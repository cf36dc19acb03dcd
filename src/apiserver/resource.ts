import type { Kind } from '#src/api/kind.ts'
import type { Evaluator } from '#src/lib/schema/evaluator.ts'

/** A column of `kubectl get` (additionalPrinterColumns). */
export interface Column {
  readonly name: string
  readonly type: string
  readonly format?: string
  readonly description?: string
  /** 0 is always shown, more with `-o wide` alone. */
  readonly priority?: number
  readonly jsonPath: string
}

/** One resource of the group as it is served: everything that its definition says about it. */
export interface Resource {
  readonly kind: Kind
  readonly singular: string
  readonly listKind: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly columns: readonly Column[]
  /** Paths of fields to select by, besides metadata.name and metadata.namespace, e.g. `.spec.repository`. */
  readonly selectableFields: readonly string[]
  /** The structural schema as it was written, for OpenAPI and for merging lists. */
  readonly schema: OpenApiSchema
  /** Prunes, fills in and validates. */
  readonly evaluator: Evaluator
  /** Every kind has the status subresource. */
  readonly retention: Retention
  /** It is only ever created, answered and forgotten, in the style of SubjectAccessReview: `storage: false`. */
  readonly virtual?: true
}

/** How long finished objects are kept; nothing goes unless the definition says so. */
export interface Retention {
  /** Seconds after the last change, for objects that are over; undefined is for ever. */
  readonly seconds?: number
}

/** A structural schema, as far as servers look into it. */
export interface OpenApiSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly additionalProperties?: OpenApiSchema | boolean
  readonly items?: OpenApiSchema
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular'
  readonly [keyword: string]: unknown
}
