import {
  celList,
  celMap,
  isCelError,
  isCelMap,
  parse,
  plan,
  type CelInput,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel'
import { asOptional, env } from './cel-env.ts'
import { asUnreadable, compareBy } from './cel-equality.ts'
import { celName } from './cel-names.ts'
import { durationOf } from './duration.ts'
import { isInt64, int64 } from './numbers.ts'
import { isFields, type Fields, type Structural } from './structural.ts'

/** The node with what rules know of the metadata of an object: its names. */
export function withObjectMeta(node: Structural): Structural {
  const text = plain(node, 'string')
  const metadata: Structural = {
    ...plain(node, 'object'),
    properties: new Map([
      ['name', text],
      ['generateName', text],
    ]),
  }
  const properties = new Map(node.properties)
  for (const [name, own] of Object.entries({ apiVersion: text, kind: text, metadata }))
    properties.set(name, own)
  return { ...node, properties }
}

const plain = (node: Structural, type: string): Structural => ({
  ...node,
  type,
  nullable: false,
  intOrString: false,
  preserveUnknown: false,
  embedded: false,
  properties: undefined,
  additional: undefined,
  items: undefined,
  format: '',
  listType: 'atomic',
  listMapKeys: [],
})

/** A value as the rules of its node see it. */
export const celSelf = (value: unknown, node: Structural, isRoot: boolean): CelInput =>
  typed(value, isRoot ? withObjectMeta(node) : node)

/** `oldSelf` of a rule for which it is optional. */
export const celOptional = (value: CelInput | undefined): CelInput =>
  asOptional(celMap(new Map()), value as CelValue | undefined)

/** Stands for what the API server cannot read either; whatever a rule does with it fails. */
const unreadable = (): CelMap => asUnreadable(celMap(new Map()))

function typed(value: unknown, node: Structural): CelInput {
  if (value === null) return node.nullable ? null : unreadable()
  if (node.intOrString)
    return typeof value === 'string' || isInt64(value) ? untyped(value) : unreadable()
  switch (node.type) {
    case 'object':
      return isFields(value) ? typedFields(value, node) : unreadable()
    case 'array':
      return Array.isArray(value) && node.items ? typedList(value, node, node.items) : unreadable()
    case 'string':
      return typeof value === 'string' ? typedText(value, node.format) : unreadable()
    case 'integer':
      return isInt64(value) ? int64(value) : unreadable()
    case 'number':
      return typeof value === 'number' ? value : unreadable()
    case 'boolean':
      return typeof value === 'boolean' ? value : unreadable()
    default:
      return untyped(value)
  }
}

/** A map by its keys; an object by the names its fields have in rules, and what it has besides out of their reach. */
function typedFields(value: Fields, node: Structural): CelMap {
  const named = ([name, field]: [string, unknown]): [string, CelInput] => {
    const property = node.properties?.get(name)
    if (property) return [celName(name) ?? `\0${name}`, typed(field, property)]
    return node.additional && node.additional !== true
      ? [name, typed(field, node.additional)]
      : [`\0${name}`, untyped(field)]
  }
  return celMap(new Map(Object.entries(value).map(named)))
}

function typedList(value: readonly unknown[], node: Structural, items: Structural): CelInput {
  const list = celList(value.map(item => typed(item, items)))
  if (node.listType === 'set') return compareBy(list, 'set')
  if (node.listType === 'atomic') return list
  const keys = node.listMapKeys.map(key => celName(key) ?? `\0${key}`)
  return compareBy(list, item => keys.map(key => keyText(item, key)).join('\0'))
}

const keyText = (item: CelValue, key: string): string => {
  const value = isCelMap(item) ? item.get(key) : undefined
  return typeof value === 'object' ? '' : `${typeof value} ${value}`
}

const timestampOf = plan(env, parse('timestamp(text)'))
const readDuration = plan(env, parse('duration(text)'))

function typedText(text: string, format: string): CelInput {
  switch (format) {
    case 'date-time':
      // Small letters are a date-time to the format, and none to whoever reads it.
      return text === text.toUpperCase() ? readBy(timestampOf, text) : unreadable()
    case 'date':
      return readBy(timestampOf, `${text}T00:00:00Z`)
    case 'duration':
      return typedDuration(text)
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'))
    default:
      return text
  }
}

function typedDuration(text: string): CelInput {
  const nanoseconds = durationOf(text)
  return nanoseconds === undefined
    ? unreadable()
    : readBy(readDuration, `${(nanoseconds / 1e9).toFixed(9)}s`)
}

function readBy(reader: typeof timestampOf, text: string): CelInput {
  const value = reader({ text })
  return isCelError(value) ? unreadable() : value
}

/** A value without a schema: good for comparison alone. */
function untyped(value: unknown): CelInput {
  if (isInt64(value)) return int64(value)
  if (Array.isArray(value)) return celList(value.map(untyped))
  if (isFields(value))
    return celMap(new Map(Object.entries(value).map(([key, field]) => [key, untyped(field)])))
  return value as string | number | boolean | null
}
