import type { Schema } from '#hack/gen/definitions.ts'
import type { Dice } from '../fuzz/dice.ts'
import { sampleOf } from './samples.ts'

type Json = Record<string, unknown>

/** A place in an object: what holds it, under which name, and what the schema says there, where it says anything. */
interface Place {
  readonly holder: Json | unknown[]
  readonly key: string | number
  readonly schema: Schema | undefined
  readonly parent: Schema | undefined
}

/** Values that schemas trip over. */
const ODD: readonly unknown[] = [
  null,
  '',
  [],
  {},
  0,
  -1,
  1,
  65,
  1.5,
  -0.1,
  1e20,
  1e21,
  1e-7,
  9007199254740992,
  4611686018427387904,
  2147483648,
  1234567.5,
  true,
  false,
  'true',
  '0',
  '7',
  '+7',
  '2.5e1',
  '1h5m',
  '1d',
  'x',
  'X y',
  ' ',
  '-',
  'ä',
  '😀',
  'a\u0301',
  'line\nbreak',
  'tab\t"quote" <b>&',
  '\u0000',
  '\u2028\u00a0\u00ad',
  '🙂'.repeat(40),
  'a'.repeat(64),
  'a'.repeat(254),
  'a'.repeat(5000),
  'default',
  'system:masters',
  'other',
  '2026-02-30T00:00:00Z',
  '2026-02-28t23:59:59z',
  '2026-02-28T23:59:60Z',
  '2024-02-29T24:00:00+01:00',
  '2026-02-28T23:59:59x5Z',
  '0000-01-01T00:00:00Z',
  '2026-01-01',
  ['a', 'a'],
  ['a', 'b', 'a', 'a'],
  [null],
  [[]],
  [{}, {}],
  [1, 'a'],
  { a: 1 },
  { a: { b: null } },
  { kind: 'x', name: 'y' },
]

const UNKNOWN_NAMES = ['extra', 'Spec', 'a.b', 'x[0]', 'kind', 'metadata', 'constructor', 'é']

const METADATA: readonly ((metadata: Json, dice: Dice) => void)[] = [
  (m, d) => (m['labels'] = { [d.pick(KEYS)]: d.pick(VALUES) }),
  (m, d) => (m['annotations'] = { [d.pick(KEYS)]: d.pick(['', 'x', 'ä\n', null]) }),
  (m, d) => (m['labels'] = d.pick([null, {}, [], 'x', { a: 1 }, { a: {} }])),
  (m, d) => (m['annotations'] = d.pick([null, {}, [], 7, { a: false }])),
  (m, d) => (m['finalizers'] = d.pick([[], ['a'], ['example.com/x'], ['a b'], 'x', [1], [null]])),
  (m, d) =>
    (m['finalizers'] = d.pick([['orphan', 'foregroundDeletion'], ['a/b/c'], ['/x'], ['A.b/c']])),
  (m, d) => (m[d.pick(UNKNOWN_NAMES)] = 1),
  (m, d) => (m['ownerReferences'] = d.pick(OWNERS)),
  (m, d) => (m['generateName'] = d.pick(['', 'a-', 'A', 'a.', 'x'.repeat(254), 7])),
  m => (m['annotations'] = { a: 'x'.repeat(256 * 1024) }),
  m => (m['generation'] = 'x'),
]
const KEYS = [
  'a',
  'a b',
  'A_b.c',
  'example.com/a',
  'Example.com/a',
  '/a',
  'a/',
  'a/b/c',
  '',
  'k'.repeat(64),
]
const VALUES = ['', 'x', 'X_y.z', '-x', 'a b', 'v'.repeat(64), null, 1]
const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }
const OWNERS = [
  [],
  [OWNER],
  [{ ...OWNER, extra: 1 }],
  [{}],
  [{ ...OWNER, apiVersion: '', uid: '' }],
  [
    { ...OWNER, controller: true },
    { ...OWNER, name: 'q', controller: true },
  ],
  [{ ...OWNER, controller: 'x' }],
]

/**
 * The object changed in one to four places. Half of the time, fields that it does not have are filled in first, so that
 * what is deeper is met too. Type, name and version stay: they are part of the
 * address, and an update without a version is refused for that alone.
 */
export function mutated(object: Json, schema: Schema, dice: Dice): Json {
  const copy = structuredClone(object)
  if (dice.chance(0.5)) for (let i = dice.below(6); i >= 0; i -= 1) grow(copy, schema, dice)
  for (let i = dice.below(4); i >= 0; i -= 1) mutateOnce(copy, schema, dice)
  const { apiVersion, kind, metadata } = object
  const { name, resourceVersion } = metadata as Json
  if (isJson(copy['metadata']))
    Object.assign(copy['metadata'], { name }, resourceVersion ? { resourceVersion } : {})
  return { ...copy, apiVersion, kind }
}

function mutateOnce(object: Json, schema: Schema, dice: Dice): void {
  const { metadata } = object
  if (isJson(metadata) && dice.chance(0.05)) {
    dice.pick(METADATA)(metadata, dice)
    return
  }
  const places = placesOf(object, schema)
  if (places.length > 0) dice.pick(CHANGES)(dice.pick(places), dice, places)
}

/** Fills in a field that the schema has and the object has not. */
function grow(object: Json, schema: Schema, dice: Dice): void {
  const gaps = placesOf(object, schema, true).filter(
    ({ holder, key }) => !Array.isArray(holder) && !Object.hasOwn(holder, key),
  )
  if (gaps.length === 0) return
  const { holder, key, schema: own } = dice.pick(gaps)
  ;(holder as Json)[key] = sampleOf(own!, dice)
}

type Change = (place: Place, dice: Dice, places: readonly Place[]) => void

const set = ({ holder, key }: Place, value: unknown): void => {
  if (value !== undefined) (holder as Json)[key] = structuredClone(value)
}
const valueAt = ({ holder, key }: Place): unknown => (holder as Json)[key]
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const CHANGES: readonly Change[] = [
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(key as number, 1)
    else delete holder[key]
  },
  (place, dice) => set(place, dice.pick(ODD)),
  (place, dice) => set(place, dice.pick(ODD)),
  (place, dice) => {
    const value = valueAt(place)
    const target = isJson(value) ? value : place.holder
    if (!Array.isArray(target)) target[dice.pick(UNKNOWN_NAMES)] = dice.pick(ODD)
  },
  (place, dice) => place.schema && set(place, sampleOf(place.schema, dice)),
  (place, dice) => set(place, atLimit(place.schema ?? {}, valueAt(place), dice)),
  (place, dice) => {
    const value = valueAt(place)
    if (Array.isArray(value) && value.length > 0) value.push(structuredClone(dice.pick(value)))
  },
  place => {
    const value = valueAt(place)
    if (Array.isArray(value)) value.reverse()
  },
  (place, dice, places) => set(place, valueAt(dice.pick(places))),
  (place, dice) => {
    const value = valueAt(place)
    if (typeof value === 'string')
      set(
        place,
        dice.pick([`${value}x`, value.slice(1), value.toUpperCase(), ` ${value}`, `${value}\n`]),
      )
    else if (typeof value === 'number')
      set(place, dice.pick([value + 1, value - 1, value + 0.5, -value, value * 1000]))
    else if (typeof value === 'boolean') set(place, !value)
  },
]

/** A value just on either side of a limit. */
function atLimit(schema: Schema, value: unknown, dice: Dice): unknown {
  const off = dice.pick([-1, 0, 1])
  const long = (length: number): string => 'a'.repeat(Math.min(Math.max(length, 0), 70_000))
  if (schema.minimum !== undefined && dice.chance(0.5)) return schema.minimum + off
  if (schema.maximum !== undefined) return schema.maximum + off
  if (schema.minLength !== undefined && dice.chance(0.3)) return long(schema.minLength + off)
  if (schema.maxLength !== undefined) return long(schema.maxLength + off)
  if (schema.maxItems !== undefined && schema.maxItems <= 300)
    return Array.from({ length: schema.maxItems + off }, (_, i) =>
      schema.items?.type === 'string' ? `a${i}` : sampleOf(schema.items!, dice, 9),
    )
  return value
}

/** Every place below the object, without its type and names; with `missing`, those too that the schema has beyond. */
function placesOf(object: Json, schema: Schema, missing = false): Place[] {
  const places: Place[] = []
  const walk = (value: unknown, node: Schema | undefined): void => {
    if (Array.isArray(value))
      for (const [key, item] of value.entries()) {
        places.push({ holder: value, key, schema: node?.items, parent: node })
        walk(item, node?.items)
      }
    else if (isJson(value)) {
      const names = new Set(Object.keys(value))
      if (missing) for (const name of Object.keys(node?.properties ?? {})) names.add(name)
      for (const key of names) {
        const more = node?.additionalProperties
        const own = node?.properties?.[key] ?? (typeof more === 'object' ? more : undefined)
        places.push({ holder: value, key, schema: own, parent: node })
        walk(value[key], own)
      }
    }
  }
  for (const [name, field] of Object.entries(object))
    if (!['apiVersion', 'kind', 'metadata'].includes(name)) walk(field, schema.properties?.[name])
  places.push({ holder: object, key: 'spec', schema: schema.properties?.['spec'], parent: schema })
  return places
}
