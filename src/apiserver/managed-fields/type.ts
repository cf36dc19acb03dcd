import { isFields } from '#src/lib/schema/structural.ts'

/** What a value may be, as far as merging goes: any of those that are there. */
export interface Atom {
  readonly scalar?: Scalar
  readonly list?: ListType
  readonly map?: MapType
}

export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped'

export interface ListType {
  /** An atomic list is one field; the items of an associative one are fields of their own. */
  readonly atomic: boolean
  /** By which fields items are told apart; none for a set of scalars. */
  readonly keys: readonly string[]
  readonly element: Atom
}

export interface MapType {
  readonly atomic: boolean
  readonly fields: ReadonlyMap<string, { readonly type: Atom; readonly default: unknown }>
  /** The type of every other field; undefined where there may be none. */
  readonly element: Atom | undefined
}

/** A value of any kind that is one field. */
export const UNTYPED: Atom = {
  scalar: 'untyped',
  list: {
    atomic: true,
    keys: [],
    get element() {
      return UNTYPED
    },
  },
  map: {
    atomic: true,
    fields: new Map(),
    get element() {
      return UNTYPED
    },
  },
}

/** A value without a schema: maps are granular, lists are atomic. */
export const DEDUCED: Atom = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], element: UNTYPED },
  map: {
    atomic: false,
    fields: new Map(),
    get element() {
      return DEDUCED
    },
  },
}

/** What a value is taken for. */
export type Shape =
  | { readonly is: 'map'; readonly type: MapType }
  | { readonly is: 'scalar'; readonly type: Scalar }
  | { readonly is: 'list'; readonly type: ListType }

/** What a value is taken for: what it is where it may be that, else the first of what it might be. */
export function shapeOf(atom: Atom, value: unknown): Shape {
  const { map, scalar, list } = atom
  if (list && Array.isArray(value)) return { is: 'list', type: list }
  if (scalar && isScalar(value)) return { is: 'scalar', type: scalar }
  if (map) return { is: 'map', type: map }
  return scalar ? { is: 'scalar', type: scalar } : { is: 'list', type: list! }
}

export const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'

/** The type of a field of a map. */
export const fieldType = ({ fields, element }: MapType, name: string): Atom =>
  fields.get(name)?.type ?? element ?? UNTYPED

/** The items of a list; none where it is something else. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The fields of a map; none where it is something else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isFields(value) ? value : {}

/** A field of a map; undefined where it has none of that name. */
export const fieldIn = (value: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined
