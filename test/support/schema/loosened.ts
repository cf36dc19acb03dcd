type Json = Record<string, unknown>

/** What a schema asks of values, beyond their types. */
const DEMANDS: ReadonlySet<string> = new Set([
  'required',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
])

/** The schema with the types alone: what was stored before somebody thought of the rest. */
export function loosened(schema: Json): Json {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !DEMANDS.has(keyword))
      .map(([keyword, value]) => {
        if (keyword === 'properties')
          return [
            keyword,
            Object.fromEntries(
              Object.entries(value as Json).map(([name, field]) => [name, loosened(field as Json)]),
            ),
          ]
        const isSchema = keyword === 'items' || keyword === 'additionalProperties'
        return [keyword, isSchema && typeof value === 'object' ? loosened(value as Json) : value]
      }),
  )
}
