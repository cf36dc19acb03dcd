import type { UnknownObject } from '#src/api/object.ts'
import type { Served } from '#src/apiserver/managed-fields/served.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const text = { type: 'string' }
const set = { type: 'array', 'x-kubernetes-list-type': 'set', items: text } as const

/** A small resource whose fields are managed. */
export const served: Served = {
  atom: typeOfSchema({
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { a: text, b: text, set } },
      status: { type: 'object', properties: { phase: text } },
    },
  }),
  apiVersion: 'g/v1',
  kind: 'K',
}

/** A type that nothing can be said of without failing. */
export const BROKEN = {
  get map(): never {
    throw new TypeError('broken')
  },
}

export const object = (spec: Record<string, unknown>, metadata: object = {}): UnknownObject => ({
  apiVersion: 'g/v1',
  kind: 'K',
  metadata: { name: 'x', ...metadata },
  spec,
})

/** An entry of metadata.managedFields for fields of the spec. */
export const entry = (
  operation: 'Apply' | 'Update',
  manager: string,
  spec: object,
  fields: object = {},
) => ({
  apiVersion: 'g/v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': spec },
  manager,
  operation,
  time: '2026-01-01T00:00:00Z',
  ...fields,
})
