import { jsonClone } from '#src/lib/json-clone.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { jsonBytes } from '#src/lib/json-size.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'

/** An operation as it was sent: nothing of it is known to be there. */
export type Operation = Readonly<Record<string, unknown>>

/** An operation that cannot be carried out. Where it is unknown or a test that fails, the words are those of kube-apiserver's library. */
export class Inapplicable extends Error {}

/** Bytes that all copies together may add, as in kube-apiserver: each could double what is there. */
const MOST_COPIED = 3 * 1024 * 1024

/** Items of lists that all operations together may push aside. */
const MOST_SHIFTED = 20_000_000

/** An object or a list, and what in it is meant. */
interface Place {
  readonly container: Fields | unknown[]
  readonly key: string
}

/**
 * Applies a JSON Patch (RFC 6902); what is given is not changed. Throws Inapplicable.
 * As lenient as the library of kube-apiserver: indexes below zero count from the end, `replace` puts a field where there is
 * none, a field that is not there tests equal to null and is copied as null.
 */
export function applyPatch(document: unknown, operations: readonly Operation[]): unknown {
  // All the way down from here, so that the root is a place like any other.
  const root = { document: jsonClone(document), copied: 0, shifted: 0 }
  for (const operation of operations) {
    const { op } = operation
    const apply = OPERATIONS.get(op)
    if (!apply)
      throw new Inapplicable(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`)
    apply(root, operation)
  }
  return root.document
}

interface Root {
  document: unknown
  copied: number
  shifted: number
}

type Apply = (root: Root, operation: Operation) => void

const OPERATIONS: ReadonlyMap<unknown, Apply> = new Map(
  Object.entries<Apply>({
    add(root, operation) {
      insert(root, placeOf(root, pointer(operation, 'path')), valueOf(operation))
    },
    remove(root, operation) {
      take(root, placeOf(root, pointer(operation, 'path')))
    },
    replace(root, operation) {
      const path = pointer(operation, 'path')
      const value = valueOf(operation)
      if (path === '') {
        if (typeof value !== 'object' || value === null)
          throw new Inapplicable('the whole can be replaced by an object or a list alone')
        root.document = value
        return
      }
      const place = placeOf(root, path)
      if (Array.isArray(place.container)) place.container[indexIn(place)] = value
      else put(place.container, place.key, value)
    },
    move(root, operation) {
      const value = take(root, placeOf(root, pointer(operation, 'from')))
      insert(root, placeOf(root, pointer(operation, 'path')), value)
    },
    test(root, operation) {
      const path = pointer(operation, 'path')
      const found = path === '' ? root.document : read(placeOf(root, path))
      if (!jsonEqual(found ?? null, operation['value'] ?? null))
        throw new Inapplicable(`testing value ${path} failed: test failed`)
    },
    copy(root, operation) {
      const value = read(placeOf(root, pointer(operation, 'from'))) ?? null
      root.copied += jsonBytes(value)
      if (root.copied > MOST_COPIED)
        throw new Inapplicable(`copies of more than ${MOST_COPIED} bytes`)
      insert(root, placeOf(root, pointer(operation, 'path')), jsonClone(value))
    },
  }),
)

function pointer(operation: Operation, name: 'path' | 'from'): string {
  const value = operation[name]
  if (typeof value !== 'string') throw new Inapplicable(`${name} is missing`)
  return value
}

const valueOf = (operation: Operation): unknown => jsonClone(operation['value'] ?? null)

/** `~1` is a slash, and `~0` a tilde. */
const unescaped = (step: string): string =>
  step.replaceAll(/~[01]/g, escape => (escape === '~1' ? '/' : '~'))

function placeOf(root: Root, path: string): Place {
  const steps = path.split('/').slice(1).map(unescaped)
  const key = steps.pop()
  let container = root.document
  for (const step of steps) container = read({ container: asContainer(container, path), key: step })
  if (key === undefined) throw new Inapplicable('the whole can only be replaced or tested')
  return { container: asContainer(container, path), key }
}

function asContainer(value: unknown, path: string): Fields | unknown[] {
  if (Array.isArray(value) || isFields(value)) return value
  throw new Inapplicable(`there is nothing at ${path}`)
}

function read(place: Place): unknown {
  const { container, key } = place
  if (Array.isArray(container)) return container[indexIn(place)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

function insert(root: Root, place: Place, value: unknown): void {
  const { container, key } = place
  if (!Array.isArray(container)) put(container, key, value)
  else if (key === '-') container.push(value)
  else splice(root, container, indexIn(place, container.length + 1), 0, value)
}

/** What stands behind moves, which takes its time in a long list. */
function splice(
  root: Root,
  list: unknown[],
  index: number,
  removed: number,
  ...added: unknown[]
): void {
  root.shifted += list.length - index
  if (root.shifted > MOST_SHIFTED) throw new Inapplicable('lists that are too long for so much')
  list.splice(index, removed, ...added)
}

function take(root: Root, place: Place): unknown {
  const value = read(place)
  const { container, key } = place
  if (Array.isArray(container)) splice(root, container, indexIn(place), 1)
  else if (Object.hasOwn(container, key)) delete container[key]
  else throw new Inapplicable(`there is no ${key} to remove`)
  return value
}

function indexIn({ container, key }: Place, length = (container as unknown[]).length): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN
  const position = index < 0 ? index + length : index
  if (!(position >= 0 && position < length))
    throw new Inapplicable(`${key} is no index of a list of ${length}`)
  return position
}

/** Whatever the name: `__proto__` is a field like any other. */
export function put(fields: Fields, name: string, value: unknown): void {
  Object.defineProperty(fields, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}
