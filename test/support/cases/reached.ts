import type { Schema } from '#hack/gen/definitions.ts'
import type { Manifest } from '#test/support/examples.ts'
import { get, put } from './change.ts'
import type { Step } from './fields.ts'
import { sampleOf, type Seen } from './samples.ts'

/** The object with samples on the way to a place where there was nothing; undefined where none are known. */
export function reached(
  schema: Schema,
  object: Manifest,
  at: readonly Step[],
  seen: Seen,
): Manifest | undefined {
  let result: unknown = object
  let inner: Schema | undefined = schema
  for (const [index, step] of at.entries()) {
    inner = childOf(inner, step)
    if (!inner) return undefined
    const place = at.slice(0, index + 1)
    if (get(result, place) !== undefined) continue
    const sample = sampleOf(inner, seen)
    if (sample === undefined) return undefined
    result = put(result, place, sample)
  }
  return result as Manifest
}

const childOf = (schema: Schema, step: Step): Schema | undefined =>
  typeof step === 'number'
    ? schema.items
    : (schema.properties?.[step] ??
      (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined))
