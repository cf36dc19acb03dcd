import { isFields } from '#src/lib/schema/structural.ts'
import { plain, syntax, typeName } from './go-syntax.ts'
import { listItem } from './list-item.ts'
import { fieldElement, indexElement, pathText, type Path } from './path-element.ts'
import { isScalar, shapeOf, type Atom, type ListType, type MapType, type Scalar } from './type.ts'

export interface ConformOptions {
  /** Items of sets and lists with keys may occur twice; what is stored may be so, what is applied not. */
  readonly duplicates: boolean
}

/** What does not fit about a value, in the words of the API server. */
export class Unfit extends Error {}

/** Throws Unfit where a value is not of its type. */
export function conform(value: unknown, atom: Atom, options: ConformOptions): void {
  const problems = new Walk(options).problems(value, atom)
  if (problems.length === 1) throw new Unfit(problems[0])
  if (problems.length > 1) throw new Unfit(['errors:', ...problems.map(p => `  ${p}`)].join('\n'))
}

class Walk {
  readonly #options: ConformOptions

  constructor(options: ConformOptions) {
    this.#options = options
  }

  problems(value: unknown, atom: Atom, path: Path = []): readonly string[] {
    const shape = shapeOf(atom, value)
    if (value === null) return []
    if (shape.is === 'scalar') {
      const problem = scalarProblem(shape.type, value)
      return problem ? [at(path, problem)] : []
    }
    return shape.is === 'list'
      ? this.#list(shape.type, value, path)
      : this.#map(shape.type, value, path)
  }

  #list(type: ListType, value: unknown, path: Path): readonly string[] {
    if (!Array.isArray(value)) return [at(path, got('list', value))]
    const { duplicates } = this.#options
    const problems: string[] = []
    const seen = new Set<string>()
    for (const [index, item] of value.entries()) {
      const element = type.atomic ? indexElement(index) : listItem(type, item)
      // Without a name for the item nothing can be said about it.
      if (typeof element === 'string')
        return [...problems, at(path, `element ${index}: ${element}`)]
      if (seen.has(element.id) && !duplicates)
        problems.push(at(path, `duplicate entries for key ${element.text}`))
      seen.add(element.id)
      problems.push(...this.problems(item, type.element, [...path, element]))
    }
    return problems
  }

  #map(type: MapType, value: unknown, path: Path): readonly string[] {
    if (!isFields(value)) return [at(path, got('map', value))]
    const problems: string[] = []
    for (const [name, field] of Object.entries(value)) {
      const below = [...path, fieldElement(name)]
      const atom = type.fields.get(name)?.type ?? type.element
      if (!atom) return [...problems, at(below, 'field not declared in schema')]
      problems.push(...this.problems(field, atom, below))
    }
    return problems
  }
}

const at = (path: Path, problem: string): string =>
  path.length > 0 ? `${pathText(path)}: ${problem}` : problem

function scalarProblem(type: Scalar, value: unknown): string | undefined {
  if (type === 'untyped') return isScalar(value) ? undefined : got('any scalar', value)
  if (typeof value === (type === 'numeric' ? 'number' : type)) return undefined
  if (type === 'numeric') return `expected numeric (int or float), got ${typeName(value)}`
  return type === 'string'
    ? `expected string, got &value.valueUnstructured{Value:${syntax(value)}}`
    : got('boolean', value)
}

const got = (expected: string, value: unknown): string =>
  `expected ${expected}, got &{${plain(value)}}`
