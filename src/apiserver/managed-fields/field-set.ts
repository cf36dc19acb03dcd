import { compareElements, type Path, type PathElement } from './path-element.ts'
import type { Atom } from './type.ts'

interface Node {
  readonly element: PathElement
  /** Whether the field itself is of the set. */
  readonly member: boolean
  /** What is of the set below it; never empty. */
  readonly below: FieldSet | undefined
}

/** A set of fields of an object. A field may be of it without those below, and the other way round. */
export class FieldSet {
  readonly #nodes = new Map<string, Node>()

  static of(...paths: readonly Path[]): FieldSet {
    const set = new FieldSet()
    for (const path of paths) set.insert(path)
    return set
  }

  /** Adds a field. The root is never of a set. Only whoever made the set may do this. */
  insert(path: Path): void {
    const last = path.at(-1)
    if (!last) return
    const above = path.slice(0, -1).reduce((set: FieldSet, element) => set.#descend(element), this)
    const node = above.#nodes.get(last.id)
    above.put(node?.element ?? last, true, node?.below)
  }

  /** What is below a field, to be added to. */
  #descend(element: PathElement): FieldSet {
    const node = this.#nodes.get(element.id)
    if (node?.below) return node.below
    const below = new FieldSet()
    this.#nodes.set(element.id, { element, member: node?.member ?? false, below })
    return below
  }

  /** Sets whether a field is of the set, and what is below it. Only whoever made the set may do this. */
  put(element: PathElement, member: boolean, below: FieldSet | undefined): void {
    const kept = below?.isEmpty === false ? below : undefined
    if (member || kept) this.#nodes.set(element.id, { element, member, below: kept })
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0
  }

  /** What is of the set at its first step, in order. */
  nodes(): readonly Node[] {
    return [...this.#nodes.values()].toSorted((a, b) => compareElements(a.element, b.element))
  }

  has(element: PathElement): boolean {
    return this.#nodes.get(element.id)?.member ?? false
  }

  hasPath([element, ...rest]: Path): boolean {
    if (!element) return false
    return rest.length === 0 ? this.has(element) : (this.below(element)?.hasPath(rest) ?? false)
  }

  below(element: PathElement): FieldSet | undefined {
    return this.#nodes.get(element.id)?.below
  }

  /** Every field of the set: those next to each other first, then what is below them. */
  paths(): readonly Path[] {
    const nodes = this.nodes()
    return [
      ...nodes.filter(({ member }) => member).map(({ element }) => [element]),
      ...nodes.flatMap(({ element, below }) =>
        (below?.paths() ?? []).map(path => [element, ...path]),
      ),
    ]
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet()
    for (const { element, member, below } of this.#nodes.values()) {
      const theirs = other.below(element)
      result.put(
        element,
        member || other.has(element),
        below && theirs ? below.union(theirs) : (below ?? theirs),
      )
    }
    for (const [id, { element, member, below }] of other.#nodes)
      if (!this.#nodes.has(id)) result.put(element, member, below)
    return result
  }

  intersection(other: FieldSet): FieldSet {
    return this.#mapped(({ element, member, below }) => {
      const theirs = other.below(element)
      return [member && other.has(element), theirs && below?.intersection(theirs)]
    })
  }

  /** Without the fields of the other set; what is below a field stays when the field goes. */
  difference(other: FieldSet): FieldSet {
    return this.#mapped(({ element, member, below }) => {
      const theirs = other.below(element)
      return [member && !other.has(element), theirs ? below?.difference(theirs) : below]
    })
  }

  /** Without the fields of the other set and everything below them. */
  deepDifference(other: FieldSet): FieldSet {
    return this.#mapped(({ element, member, below }) => {
      if (other.has(element)) return [false, undefined]
      const theirs = other.below(element)
      return [member, theirs ? below?.deepDifference(theirs) : below]
    })
  }

  /** With every field that has a name in the schema and something below it: what goes entirely takes it along. */
  withNamedFields(atom: Atom | undefined): FieldSet {
    return this.#mapped(({ element, member, below }) => [
      member || (below !== undefined && fieldOf(atom, element) !== undefined),
      below?.withNamedFields(typeBelow(atom, element)),
    ])
  }

  #mapped(of: (node: Node) => readonly [member: boolean, below: FieldSet | undefined]): FieldSet {
    const result = new FieldSet()
    for (const node of this.#nodes.values()) result.put(node.element, ...of(node))
    return result
  }
}

const fieldOf = (atom: Atom | undefined, element: PathElement): Atom | undefined =>
  element.type === 'field' ? atom?.map?.fields.get(element.name)?.type : undefined

function typeBelow(atom: Atom | undefined, element: PathElement): Atom | undefined {
  if (element.type === 'key') return atom?.list?.element
  return element.type === 'field' ? (fieldOf(atom, element) ?? atom?.map?.element) : undefined
}
