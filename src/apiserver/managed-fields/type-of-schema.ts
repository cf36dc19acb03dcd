import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { OBJECT_META } from './object-meta-type.ts'
import { DEDUCED, UNTYPED, type Atom, type ListType, type MapType, type Scalar } from './type.ts'

/** How objects of a structural schema are merged. */
export const typeOfSchema = (schema: OpenApiSchema): Atom =>
  typeOf({ ...schema, 'x-kubernetes-embedded-resource': true }, false)

/** @param keeps whether a schema further up keeps fields that are not known */
function typeOf(schema: OpenApiSchema, keeps: boolean): Atom {
  const open = keeps || schema['x-kubernetes-preserve-unknown-fields'] === true
  switch (schema.type) {
    case undefined:
    case '':
      return { scalar: 'untyped', list: listOf(schema, open), map: mapOf(schema, open) }
    case 'object':
      return { map: mapOf(schema, open) }
    case 'array':
      return { list: listOf(schema, open) }
    default:
      return { scalar: scalarOf(schema) }
  }
}

function scalarOf({ type, format }: OpenApiSchema): Scalar {
  if (type === 'integer' || type === 'number') return 'numeric'
  if (type === 'boolean') return 'boolean'
  return format === undefined || format === '' || format === 'byte' ? 'string' : 'untyped'
}

function listOf(schema: OpenApiSchema, open: boolean): ListType {
  const type = schema['x-kubernetes-list-type'] ?? 'atomic'
  return {
    atomic: type === 'atomic',
    keys: type === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    element: schema.items ? typeOf(schema.items, open) : UNTYPED,
  }
}

function mapOf(schema: OpenApiSchema, open: boolean): MapType {
  const fields = new Map(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      { type: typeOf(property, open), default: property['default'] },
    ]),
  )
  if (schema['x-kubernetes-embedded-resource']) {
    for (const name of ['apiVersion', 'kind'])
      fields.set(name, { type: { scalar: 'string' }, default: undefined })
    fields.set('metadata', { type: OBJECT_META, default: undefined })
  }
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    fields,
    element: elementOf(schema, open, fields.size > 0),
  }
}

function elementOf(
  { additionalProperties }: OpenApiSchema,
  open: boolean,
  hasFields: boolean,
): Atom | undefined {
  if (additionalProperties === undefined) return open || !hasFields ? DEDUCED : undefined
  if (typeof additionalProperties === 'object') return typeOf(additionalProperties, open)
  return additionalProperties ? DEDUCED : undefined
}
