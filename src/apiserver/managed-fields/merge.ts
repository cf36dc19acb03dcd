import { isEmptyPair } from './compare.ts'
import { elementOf } from './list-item.ts'
import {
  fieldIn,
  fieldsOf,
  fieldType,
  itemsOf,
  shapeOf,
  type Atom,
  type ListType,
  type MapType,
} from './type.ts'

/**
 * What comes of `live` when `applied` is merged in; undefined is an absent value. Nothing goes; of what both have the
 * applied value stays. What neither has changed is not copied.
 */
export function merge(live: unknown, applied: unknown, atom: Atom): unknown {
  const shape = shapeOf(atom, applied === undefined ? live : applied)
  if (
    shape.is === 'scalar' ||
    shape.type.atomic ||
    isEmptyPair({ left: live, right: applied }, shape.is)
  )
    return applied === undefined ? live : applied
  return shape.is === 'list'
    ? mergeItems(itemsOf(live), itemsOf(applied), shape.type)
    : mergeFields(fieldsOf(live), fieldsOf(applied), shape.type)
}

const mergeFields = (
  live: Readonly<Record<string, unknown>>,
  applied: Readonly<Record<string, unknown>>,
  type: MapType,
): unknown =>
  Object.fromEntries(
    [...new Set([...Object.keys(live), ...Object.keys(applied)])].map(name => [
      name,
      merge(fieldIn(live, name), fieldIn(applied, name), fieldType(type, name)),
    ]),
  )

/**
 * Items keep the order in which they are applied; those that only the live list has stay as near as can be to their
 * neighbours there.
 */
function mergeItems(
  live: readonly unknown[],
  applied: readonly unknown[],
  type: ListType,
): unknown {
  const left = live.map(item => elementOf(type, item).id)
  const right = applied.map(item => elementOf(type, item).id)
  const mine = liveItems(left, live)
  const theirs = new Map(right.map((id, index) => [id, applied[index]]))
  const shared = right.filter(id => mine.has(id))
  const merged = new Set<string>()
  const items: unknown[] = []
  const takeApplied = (id: string): void => {
    merged.add(id)
    items.push(merge(mine.get(id), theirs.get(id), type.element))
    if (shared[0] === id) shared.shift()
  }
  let l = 0
  let r = 0
  while (l < left.length || r < right.length) {
    const [here, there] = [left[l], right[r]]
    if (here !== undefined && there !== undefined) {
      if (here === there) {
        takeApplied(here)
        l++
        r++
        continue
      }
      // Of both, but not the one whose turn it is.
      if (theirs.has(here) && shared[0] !== undefined && shared[0] !== here) {
        l++
        continue
      }
    }
    if (here !== undefined) {
      if (!theirs.has(here)) {
        items.push(merge(live[l], undefined, type.element))
        l++
        continue
      }
      if (merged.has(here)) l++
    }
    if (there !== undefined) {
      takeApplied(there)
      r++
    }
  }
  return items
}

/** The live items by what tells them apart. Those that occur more than once are not merged with, only replaced. */
function liveItems(
  ids: readonly string[],
  items: readonly unknown[],
): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [index, id] of ids.entries()) found.set(id, found.has(id) ? null : items[index])
  return found
}
