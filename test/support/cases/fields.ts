import type { Schema } from '#hack/gen/definitions.ts'

/** A step into a value: the name of a field, the key of a map, or the place in a list. */
export type Step = string | number

/** A field of a definition, and one place where it stands or could stand in an object. */
export interface Field {
  /** As a definition says it: `spec.rules[].name`, `spec.parameters{}`. */
  readonly path: string
  /** Where it is in this object. */
  readonly at: readonly Step[]
  readonly schema: Schema
  /** Whether the object around it has to have it. */
  readonly required: boolean
}

/**
 * Every field of a schema, in the order of the schema. Where the object has several places for
 * one, it is a place in which the field is already there.
 */
export function* fieldsOf(
  schema: Schema,
  object: unknown,
  parent: Omit<Field, 'schema'> = { path: '', at: [], required: true },
): Generator<Field> {
  if (parent.path) yield { ...parent, schema }
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    yield* fieldsOf(inner, fieldIn(object, name), {
      path: parent.path ? `${parent.path}.${name}` : name,
      at: [...parent.at, name],
      required: schema.required?.includes(name) ?? false,
    })
  if (schema.items) yield* itemsOf(schema.items, object, parent)
  if (typeof schema.additionalProperties === 'object') {
    const key = Object.keys(isMap(object) ? object : {})[0] ?? 'some'
    yield* fieldsOf(schema.additionalProperties, fieldIn(object, key), {
      path: `${parent.path}{}`,
      at: [...parent.at, key],
      required: false,
    })
  }
}

function* itemsOf(items: Schema, list: unknown, parent: Omit<Field, 'schema'>): Generator<Field> {
  const all: readonly unknown[] = Array.isArray(list) ? list : []
  const place = (index: number) => ({
    path: `${parent.path}[]`,
    at: [...parent.at, index],
    required: false,
  })
  if (!items.properties) {
    yield* fieldsOf(items, all[0], place(0))
    return
  }
  yield { ...place(0), schema: items }
  for (const [name, inner] of Object.entries(items.properties)) {
    const index = Math.max(
      0,
      all.findIndex(item => isMap(item) && Object.hasOwn(item, name)),
    )
    yield* fieldsOf(inner, fieldIn(all[index], name), {
      path: `${parent.path}[].${name}`,
      at: [...parent.at, index, name],
      required: items.required?.includes(name) ?? false,
    })
  }
}

/** The path as the API server says it. */
export const said = (at: readonly Step[]): string =>
  at
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldIn = (value: unknown, name: string): unknown =>
  isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined
