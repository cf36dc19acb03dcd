import { readFileSync } from 'node:fs'
import type { Fields } from '#src/lib/schema/structural.ts'

/** A parameter of an operation as OpenAPI v2 writes it. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly required?: boolean
  readonly type?: string
  readonly uniqueItems?: boolean
  readonly schema?: Fields
}

/**
 * What every API shares, taken down from what kube-apiserver 1.36 publishes for a CustomResourceDefinition
 * (test/integration/activity-shape.test.ts compares it). It has to be the same to the letter: kube-apiserver merges our v2
 * document with its own, and definitions of one name that differ are renamed.
 */
interface MetaTypes {
  /** By the name they have among the parameters of a v2 document; `dryRun` and `fieldValidation` are written out everywhere. */
  readonly parameters: Readonly<Record<string, Parameter>>
  /** For v2. */
  readonly definitions: Readonly<Record<string, Fields>>
  /** For v3. */
  readonly schemas: Readonly<Record<string, Fields>>
}

export const metaTypes = JSON.parse(
  readFileSync(new URL('meta-types.json', import.meta.url), 'utf8'),
) as MetaTypes

/** The full name of a type of meta/v1. */
export const metaType = (name: string): string => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`

/** What a field of ObjectMeta, or of another type, is said to be. */
export const metaDescription = (field: string, type = 'ObjectMeta'): string =>
  (metaTypes.schemas[metaType(type)]!['properties'] as Record<string, { description: string }>)[
    field
  ]!.description
