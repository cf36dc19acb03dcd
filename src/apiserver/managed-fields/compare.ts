import { jsonEqual } from '#src/lib/json-diff.ts'
import { FieldSet } from './field-set.ts'
import { elementOf } from './list-item.ts'
import { fieldElement, type Path, type PathElement } from './path-element.ts'
import {
  fieldIn,
  fieldsOf,
  fieldType,
  itemsOf,
  shapeOf,
  type Atom,
  type ListType,
  type MapType,
  type Shape,
} from './type.ts'

/** What is different between two objects; no field is in two of them. */
export interface Comparison {
  readonly removed: FieldSet
  /** In both, with another value. */
  readonly modified: FieldSet
  readonly added: FieldSet
}

/** Compares two values of a type, field by field. */
export function compare(left: unknown, right: unknown, atom: Atom): Comparison {
  const result = { removed: new FieldSet(), modified: new FieldSet(), added: new FieldSet() }
  new Walk(result).compare({ left, right, path: [] }, atom)
  return result
}

/** A comparison without some fields and what is below them. */
export const withoutFields = (
  { removed, modified, added }: Comparison,
  ignored: FieldSet,
): Comparison => ({
  removed: removed.deepDifference(ignored),
  modified: modified.deepDifference(ignored),
  added: added.deepDifference(ignored),
})

/** The two values of a field; undefined where it is absent. */
interface Pair {
  readonly left: unknown
  readonly right: unknown
  readonly path: Path
}

class Walk {
  readonly #result: Comparison

  constructor(result: Comparison) {
    this.#result = result
  }

  compare(pair: Pair, atom: Atom): void {
    const { left, right, path } = pair
    const [before, after] = [shapeOf(atom, left), shapeOf(atom, right)]
    // What becomes something of another kind loses all of its fields and gets the new ones.
    if (left !== undefined && right !== undefined && before.is !== after.is)
      this.#visit(pair, before)
    const isLeaf = this.#visit(pair, right === undefined ? before : after)
    if (isLeaf) return
    if (left === undefined) this.#result.added.insert(path)
    else if (right === undefined) this.#result.removed.insert(path)
  }

  /** @returns whether it is a field without fields below it */
  #visit(pair: Pair, shape: Shape): boolean {
    const isLeaf = shape.is === 'scalar' || shape.type.atomic || isEmptyPair(pair, shape.is)
    if (isLeaf) this.#leaf(pair)
    else if (shape.is === 'list') this.#items(pair, shape.type)
    else this.#fields(pair, shape.type)
    return isLeaf
  }

  #leaf({ left, right, path }: Pair): void {
    if (left === undefined) this.#result.added.insert(path)
    else if (right === undefined) this.#result.removed.insert(path)
    else if (!jsonEqual(left, right)) this.#result.modified.insert(path)
  }

  #fields({ left, right, path }: Pair, type: MapType): void {
    const [before, after] = [fieldsOf(left), fieldsOf(right)]
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      this.compare(
        {
          left: fieldIn(before, name),
          right: fieldIn(after, name),
          path: [...path, fieldElement(name)],
        },
        fieldType(type, name),
      )
  }

  #items({ left, right, path }: Pair, type: ListType): void {
    const items = new Map<string, { element: PathElement; before: unknown[]; after: unknown[] }>()
    for (const side of ['before', 'after'] as const)
      for (const item of itemsOf(side === 'before' ? left : right)) {
        const element = elementOf(type, item)
        const found = items.get(element.id) ?? { element, before: [], after: [] }
        found[side].push(item)
        items.set(element.id, found)
      }
    for (const { element, before, after } of items.values())
      this.#item(before, after, [...path, element], type)
  }

  /** An item that occurs more than once is one field, whatever is below it. */
  #item(before: readonly unknown[], after: readonly unknown[], path: Path, type: ListType): void {
    if (before.length <= 1 && after.length <= 1)
      this.compare({ left: before[0], right: after[0], path }, type.element)
    else if (before.length > 1 && after.length > 1) {
      if (!jsonEqual(before, after)) this.#result.modified.insert(path)
    } else if (before.length > 1) {
      if (after.length === 1) this.compare({ left: undefined, right: after[0], path }, type.element)
      this.#result.removed.insert(path)
    } else {
      if (before.length === 1)
        this.compare({ left: before[0], right: undefined, path }, type.element)
      this.#result.added.insert(path)
    }
  }
}

/** Two lists or maps with nothing in them are told apart as a whole: null is not the same as empty. */
export const isEmptyPair = (
  { left, right }: { readonly left: unknown; readonly right: unknown },
  is: 'list' | 'map',
): boolean =>
  is === 'list'
    ? itemsOf(left).length === 0 && itemsOf(right).length === 0
    : isEmptyMap(left) && isEmptyMap(right)

const isEmptyMap = (value: unknown): boolean => Object.keys(fieldsOf(value)).length === 0
