import { goFloat, goJson } from '#src/lib/schema/go-text.ts'
import { isInt64 } from '#src/lib/schema/numbers.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import { parseJsonPath, type Slice, type Step } from './jsonpath-parse.ts'

// jsonpath-plus is not what columns are asked with: it cannot filter without its script evaluator, compares "3" with 3 as
// equal, and knows neither `[-1]` nor `\.`; kubectl's dialect (k8s.io/client-go/util/jsonpath) is small.

/** What a path leads to in an object: every value, in order. Undefined where kubectl's dialect fails, e.g. at an index that is not there. */
export type JsonPath = (object: unknown) => readonly unknown[] | undefined

class Failed extends Error {}

/** Compiles a path of a definition, e.g. `.status.conditions[?(@.type=="Ready")].status`. Throws where it cannot be read. */
export function jsonPath(source: string): JsonPath {
  const steps = parseJsonPath(source)
  return object => {
    try {
      return walk([object], steps)
    } catch (error) {
      if (error instanceof Failed) return undefined
      throw error
    }
  }
}

const walk = (values: readonly unknown[], steps: readonly Step[]): readonly unknown[] =>
  steps.reduce(take, values)

function take(values: readonly unknown[], step: Step): readonly unknown[] {
  switch (step.type) {
    case 'field':
      return values.flatMap(value =>
        isFields(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [],
      )
    case 'wildcard':
      return values.flatMap(value => (Array.isArray(value) ? value : fieldsInOrder(value)))
    case 'slice':
      return values.flatMap(value => (value === null ? [] : slice(listIn(value), step)))
    case 'union':
      return step.paths.flatMap(steps => walk(values, steps))
    case 'literal':
      return values.map(() => step.value)
    default:
      return values.flatMap(value =>
        listIn(value).filter(item =>
          step.operator === 'exists'
            ? exists(item, step.left)
            : compared(walk([item], step.left), step.operator, () => walk([item], step.right)),
        ),
      )
  }
}

/** The API server takes them in any order; a fixed one is one of those. */
const fieldsInOrder = (value: unknown): readonly unknown[] =>
  isFields(value)
    ? Object.keys(value)
        .toSorted()
        .map(name => value[name])
    : []

function listIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Failed('not a list')
  return value
}

function slice(list: readonly unknown[], { start, end, step }: Slice): readonly unknown[] {
  const from = fromEnd(start ?? 0, list.length)
  const to = endOf(start, end, list.length)
  if (from === to) return []
  if (from < 0 || from >= list.length || to < 0 || to > list.length || from > to)
    throw new Failed('out of bounds')
  if (step !== undefined && step <= 0) throw new Failed('a step that leads nowhere')
  return list.slice(from, to).filter((_, index) => index % (step ?? 1) === 0)
}

const fromEnd = (index: number, length: number): number => (index < 0 ? index + length : index)

/** One index alone ends right after itself, and the one after -1 is the end. */
function endOf(start: number | undefined, end: Slice['end'], length: number): number {
  if (end === undefined) return length
  if (end !== 'next') return fromEnd(end, length)
  const next = start! + 1
  return next <= 0 ? next + length : next
}

function exists(item: unknown, left: readonly Step[]): boolean {
  try {
    return walk([item], left).length > 0
  } catch (error) {
    // There kubectl is left with what it had before the step that failed, and that is something.
    if (error instanceof Failed) return true
    throw error
  }
}

function compared(
  lefts: readonly unknown[],
  operator: string,
  right: () => readonly unknown[],
): boolean {
  if (lefts.length === 0) return false
  if (lefts.length > 1) throw new Failed('more than one to compare')
  const rights = right()
  if (rights.length === 0) return false
  if (rights.length > 1) throw new Failed('more than one to compare with')
  return compare(lefts[0], operator, rights[0])
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  const type = comparable(left)
  if (type !== comparable(right)) throw new Failed('of different types')
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (type === 'boolean') throw new Failed('true is neither more nor less than false')
  const [a, b] = [left, right] as [string, string]
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      throw new Failed('no such operator')
  }
}

function comparable(value: unknown): string {
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'float'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  throw new Failed('not to be compared')
}

/** A value as kubectl's dialect prints it: lists and maps as JSON, everything else as Go's %v. */
export function printed(value: unknown): string {
  if (value === null) return '<no value>'
  if (typeof value === 'object') return goJson(value)
  if (typeof value === 'number' && !isInt64(value)) return goFloat(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
