import { FieldSet } from './field-set.ts'
import type { Path, PathElement } from './path-element.ts'
import type { Atom, MapType } from './type.ts'

/**
 * A set as it would be had it been written under this schema: whoever owned something of what is atomic now owns all of
 * it.
 */
export function reconcile(set: FieldSet, atom: Atom): FieldSet {
  const atomic: Path[] = []
  visit(set, atom, [], false, atomic)
  if (atomic.length === 0) return set
  const roots = FieldSet.of(...atomic)
  return set.deepDifference(roots).union(roots)
}

/** @param whole whether it is owned as a whole, and nothing below it */
function visit(
  set: FieldSet | undefined,
  atom: Atom,
  path: Path,
  whole: boolean,
  atomic: Path[],
): void {
  const { map, scalar, list } = atom
  if (map ? isDeduced(map) : scalar) return
  if (!whole && (map ?? list)!.atomic) {
    atomic.push(path)
    return
  }
  for (const { element, member, below } of set?.nodes() ?? []) {
    const type = map ? typeBelow(map, element) : list!.element
    if (type) visit(below, type, [...path, element], member && !below, atomic)
  }
}

const typeBelow = ({ fields, element: others }: MapType, element: PathElement): Atom | undefined =>
  (element.type === 'field' && fields.get(element.name)?.type) || others

/** A map of which the schema says nothing. */
const isDeduced = ({ fields, element }: MapType): boolean =>
  fields.size === 0 && element?.scalar === 'untyped'
