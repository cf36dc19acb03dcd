import { FieldSet } from './field-set.ts'
import { elementOf } from './list-item.ts'
import { fieldElement, type Path, type PathElement } from './path-element.ts'
import {
  fieldsOf,
  fieldType,
  itemsOf,
  shapeOf,
  type Atom,
  type ListType,
  type MapType,
} from './type.ts'

/** Every field that an object mentions. */
export function setOf(value: unknown, atom: Atom): FieldSet {
  const set = new FieldSet()
  collect(value, atom, [], set)
  return set
}

function collect(value: unknown, atom: Atom, path: Path, set: FieldSet): void {
  const shape = shapeOf(atom, value)
  if (shape.is === 'scalar' || shape.type.atomic) set.insert(path)
  else if (shape.is === 'list') collectItems(itemsOf(value), shape.type, path, set)
  else collectFields(fieldsOf(value), shape.type, path, set)
}

function collectFields(
  fields: Readonly<Record<string, unknown>>,
  type: MapType,
  path: Path,
  set: FieldSet,
): void {
  for (const [name, value] of Object.entries(fields)) {
    const below = [...path, fieldElement(name)]
    collect(value, fieldType(type, name), below, set)
    if (isEmpty(value) || !type.fields.has(name)) set.insert(below)
  }
}

function collectItems(items: readonly unknown[], type: ListType, path: Path, set: FieldSet): void {
  const groups = new Map<string, { element: PathElement; items: unknown[] }>()
  for (const item of items) {
    const element = elementOf(type, item)
    const group = groups.get(element.id)
    if (group) group.items.push(item)
    else groups.set(element.id, { element, items: [item] })
  }
  for (const { element, items: same } of groups.values()) {
    const below = [...path, element]
    // What occurs more than once has no fields.
    if (same.length === 1) collect(same[0], type.element, below, set)
    set.insert(below)
  }
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(fieldsOf(value)).length === 0)
