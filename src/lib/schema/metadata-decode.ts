import { isInt64 } from './numbers.ts'
import { isFields, type Fields } from './structural.ts'

/** What is in the way of reading an object at all. The API server answers 400, without causes. */
export class Undecodable extends Error {
  /** The field and what stands there, for who has other words for it. */
  readonly at: { readonly path: string; readonly value: unknown } | undefined

  constructor(message: string, at?: { readonly path: string; readonly value: unknown }) {
    super(message)
    this.at = at
  }
}

/** Reads one field; `undefined` means that nothing is left of it. `unknown` collects the paths of what it does not know. */
type Reader = (value: unknown, path: string, unknown: string[]) => unknown

const refuse = (path: string, must: string, value: unknown): never => {
  throw new Undecodable(`${path} must be ${must}`, { path, value })
}

const text: Reader = (value, path) =>
  typeof value === 'string' ? value || undefined : refuse(path, 'a string', value)

const anyText: Reader = (value, path) => (value === null ? '' : (text(value, path, []) ?? ''))

const integer: Reader = (value, path) =>
  isInt64(value) ? value : refuse(path, 'an integer', value)

const generation: Reader = (value, path, unknown) => integer(value, path, unknown) || undefined

const truth: Reader = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'true or false', value)

const time: Reader = (value, path) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))
    ? value
    : refuse(path, 'a time', value)

const texts: Reader = (value, path) => {
  if (!isFields(value)) return refuse(path, 'a map of strings', value)
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    anyText(item, `${path}.${key}`, []),
  ])
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

const listOf =
  (reader: Reader): Reader =>
  (value, path, unknown) => {
    if (!Array.isArray(value)) return refuse(path, 'a list', value)
    if (value.length === 0) return undefined
    return value.map((item, index) => reader(item, `${path}[${index}]`, unknown))
  }

const fieldsOf =
  (readers: Readonly<Record<string, Reader>>, always: Fields = {}): Reader =>
  (value, path, unknown) => {
    if (value !== null && !isFields(value)) return refuse(path, 'an object', value)
    const read: Fields = { ...always }
    for (const [name, field] of Object.entries(value ?? {})) {
      if (!Object.hasOwn(readers, name)) unknown.push(`${path}.${name}`)
      else if (field !== null) {
        const kept = readers[name]!(field, `${path}.${name}`, unknown)
        if (kept !== undefined) read[name] = kept
      }
    }
    return read
  }

const ownerReference = fieldsOf(
  {
    apiVersion: text,
    kind: text,
    name: text,
    uid: text,
    controller: truth,
    blockOwnerDeletion: truth,
  },
  { apiVersion: '', kind: '', name: '', uid: '' },
)

const managedFields = fieldsOf({
  manager: text,
  operation: text,
  apiVersion: text,
  time,
  fieldsType: text,
  fieldsV1: value => value,
  subresource: text,
})

const objectMeta = fieldsOf({
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: integer,
  labels: texts,
  annotations: texts,
  ownerReferences: listOf(ownerReference),
  finalizers: listOf(anyText),
  managedFields: listOf(managedFields),
})

/**
 * The metadata of an object as the API server reads and keeps it: without what it does not know and what is empty.
 * The paths of what it does not know go to `unknown`. Throws `Undecodable`.
 */
export const decodeMetadata = (value: unknown, path: string, unknown: string[]): Fields =>
  objectMeta(value, path, unknown) as Fields
