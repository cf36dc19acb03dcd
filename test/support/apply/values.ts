import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import type { Dice } from '#test/support/fuzz/dice.ts'

const WORDS = ['a', 'b', 'c', 'd', 'ä"<&>', '']
const NAMES = ['x', 'y', 'z', 'k8s.io/é', 'a.b']
const NUMBERS = [0, 1, 2, 80, 443, 1_234_567]

/** A value that the schema takes. Few different ones, so that managers come across each other's. */
export function valueOf(schema: OpenApiSchema, dice: Dice, depth = 0): unknown {
  if (schema['nullable'] && dice.chance(0.15)) return null
  if (schema['x-kubernetes-embedded-resource']) return embedded(dice)
  if (schema['x-kubernetes-int-or-string']) return dice.pick([80, 443, 'http', 'a'])
  switch (schema.type) {
    case 'string':
      if (schema['format'] === 'date-time')
        return dice.pick(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.5Z'])
      return schema['format'] === 'byte' ? dice.pick(['YQ==', 'Yg==']) : dice.pick(WORDS)
    case 'integer':
      return dice.pick(NUMBERS)
    case 'number':
      return dice.pick([...NUMBERS, 0.5, 1.25e-7, 1e21])
    case 'boolean':
      return dice.chance(0.5)
    case 'array':
      return listOf(schema, dice, depth)
    case 'object':
      return mapOf(schema, dice, depth)
    default:
      return anything(dice, depth)
  }
}

/** Anything at all, for fields without a schema. */
function anything(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth > 2 ? 4 : 6)
  if (kind === 0) return dice.pick(WORDS)
  if (kind === 1) return dice.pick(NUMBERS)
  if (kind === 2) return dice.pick([true, null, 0.5])
  if (kind === 3) return dice.pick<unknown>([{}, []])
  const items = Array.from({ length: dice.below(3) }, () => anything(dice, depth + 1))
  return kind === 4 ? items : Object.fromEntries(items.map(item => [dice.pick(NAMES), item]))
}

const embedded = (dice: Dice): unknown => ({
  apiVersion: 'v1',
  kind: dice.pick(['Pod', 'Secret']),
  metadata: {
    name: dice.pick(['p', 'q']),
    ...(dice.chance(0.5) && { labels: { [dice.pick(['x', 'y'])]: dice.pick(['a', 'b']) } }),
    ...(dice.chance(0.3) && { finalizers: [dice.pick(['e.com/f', 'e.com/g'])] }),
  },
  ...(dice.chance(0.5) && { spec: anything(dice, 1) }),
})

function listOf(schema: OpenApiSchema, dice: Dice, depth: number): unknown[] {
  const items = Array.from({ length: dice.below(4) }, () => valueOf(schema.items!, dice, depth + 1))
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return items
  return distinct(items, item => (type === 'set' ? item : keysOf(schema, item)))
}

function keysOf(schema: OpenApiSchema, item: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys']!
  return keys.map(key => {
    const value = (item as Record<string, unknown>)[key]
    return value === undefined ? schema.items!.properties![key]!['default'] : value
  })
}

function distinct(items: readonly unknown[], by: (item: unknown) => unknown): unknown[] {
  return [...new Map(items.map(item => [JSON.stringify(by(item)), item])).values()]
}

function mapOf(schema: OpenApiSchema, dice: Dice, depth: number): unknown {
  const { properties, additionalProperties, required = [] } = schema
  const share = depth === 0 ? 0.2 : 0.6
  const known = Object.entries(properties ?? {})
    .filter(([name]) => (required as string[]).includes(name) || dice.chance(share))
    .map(([name, property]): [string, unknown] => [name, valueOf(property, dice, depth + 1)])
  const isOpen =
    typeof additionalProperties === 'object' ||
    additionalProperties === true ||
    schema['x-kubernetes-preserve-unknown-fields']
  const others = isOpen
    ? Array.from({ length: dice.below(3) }, (): [string, unknown] => [
        dice.pick(NAMES),
        typeof additionalProperties === 'object'
          ? valueOf(additionalProperties, dice, depth + 1)
          : anything(dice, depth + 1),
      ])
    : []
  return Object.fromEntries([...known, ...others])
}

/** The value with something else in it: a field or an item more, less, moved or of another value. */
export function changed(value: unknown, schema: OpenApiSchema, dice: Dice, depth = 0): unknown {
  if (depth > 0 && dice.chance(0.2)) return valueOf(schema, dice, depth)
  if (Array.isArray(value) && schema.items && value.length > 0 && dice.chance(0.8)) {
    if (dice.chance(0.2)) return value.toReversed()
    const index = dice.below(value.length)
    if (dice.chance(0.3)) return value.toSpliced(index, 1)
    const item = dice.chance(0.4)
      ? valueOf(schema.items, dice, depth + 1)
      : changed(value[index], schema.items, dice, depth + 1)
    const items = value.toSpliced(index, dice.below(2), item)
    const type = schema['x-kubernetes-list-type']
    if (type !== 'set' && type !== 'map') return items
    return distinct(items, each => (type === 'set' ? each : keysOf(schema, each)))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const fields = { ...(value as Record<string, unknown>) }
    const fresh = mapOf(schema, dice, depth) as Record<string, unknown>
    const names = [...Object.keys(fields), ...Object.keys(fresh)]
    for (let times = depth === 0 ? 2 : 1; times > 0; times--) {
      const name = dice.pick(names)
      if (name === undefined) continue
      const below =
        schema.properties?.[name] ??
        (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {})
      const isNeeded = ((schema['required'] as string[] | undefined) ?? []).includes(name)
      if (name in fields && dice.chance(0.4) && !isNeeded) delete fields[name]
      else if (name in fields && !schema['x-kubernetes-embedded-resource'])
        fields[name] = changed(fields[name], below, dice, depth + 1)
      else if (name in fresh) fields[name] = fresh[name]
    }
    return fields
  }
  return valueOf(schema, dice, depth)
}
