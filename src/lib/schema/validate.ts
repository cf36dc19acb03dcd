import {
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type Cause,
} from './cause.ts'
import type { Correlation } from './correlation.ts'
import { hasFormat } from './formats.ts'
import { goFloat, goJson, quoted } from './go-text.ts'
import { isFloatInteger, isInt64 } from './numbers.ts'
import { jsonEqual } from '../json-diff.ts'
import { isFields, type Fields, type Structural } from './structural.ts'

/**
 * What the schema itself says against a value: types, limits, patterns, formats, enums, required fields.
 * @param path with a leading dot, '' for the object itself
 * @param correlation the value beside the one it replaces: what is wrong but unchanged is let through
 */
export function validate(
  value: unknown,
  node: Structural,
  path = '',
  correlation?: Correlation,
): Cause[] {
  const causes = [
    ...typeCauses(value, node, path),
    ...(typeof value === 'string' ? textCauses(value, node, path) : []),
    ...(typeof value === 'number' ? numberCauses(value, node, path) : []),
    ...(Array.isArray(value) ? listCauses(value, node, path, correlation) : []),
    ...enumCauses(value, node, path),
    ...(isFields(value) ? fieldCauses(value, node, path, correlation) : []),
  ]
  return causes.length > 0 && correlation?.unchanged ? [] : causes
}

/** What a detail calls the field; the object itself has no name. */
const nameOf = (path: string): string => path.replace(/^\./, '')

const says = (path: string, value: unknown, must: string): Cause =>
  invalid(nameOf(path) || '<nil>', value, `${nameOf(path)} in body should ${must}`)

const mustBe = (path: string, type: string, value: string): Cause =>
  typeInvalid(
    nameOf(path) || '<nil>',
    value,
    // The path of a field of the object itself keeps its place in the sentence even where it is empty.
    `${nameOf(path)} in body must be of type ${type}: "${value}"`,
  )

const typesOf = (node: Structural): readonly string[] => {
  if (node.intOrString) return ['integer', 'string']
  return node.type ? [node.type] : []
}

function typeCauses(value: unknown, node: Structural, path: string): Cause[] {
  const types = typesOf(node)
  if (value === null)
    return types.length > 0 && !node.nullable ? [mustBe(path, types.join(','), 'null')] : []
  if (types.length === 0) return []
  const [type, format] = typeOf(value)
  const fits =
    types.includes(type) ||
    (type === 'integer' && types.includes('number')) ||
    (type === 'number' && types.includes('integer') && isFloatInteger(value as number))
  const isTextOrList = typeof value === 'string' || Array.isArray(value)
  if (node.format && !isTextOrList && !fits && format !== node.format)
    return [mustBe(path, node.format, format)]
  // Formatted text may be a list of bytes to the API server, so it lets every list through.
  if (node.format && isTextOrList && node.type === 'string') return []
  return fits ? [] : [mustBe(path, types.join(','), type)]
}

/** The type and format that the API server takes a value for. */
function typeOf(value: unknown): [type: string, format: string] {
  if (typeof value === 'boolean') return ['boolean', '']
  if (typeof value === 'string') return ['string', '']
  if (typeof value === 'number')
    return isInt64(value) ? ['integer', 'int64'] : ['number', 'float64']
  return [Array.isArray(value) ? 'array' : 'object', '']
}

function textCauses(value: string, node: Structural, path: string): Cause[] {
  const limit = textLimit(value, node, path)
  const formatted = !node.format || hasFormat(node.format, value)
  return [
    ...(limit ? [limit] : []),
    ...(formatted
      ? []
      : [
          typeInvalid(
            nameOf(path),
            value,
            `${nameOf(path)} in body must be of type ${node.format}: ${quoted(value)}`,
          ),
        ]),
  ]
}

/** In code points, as the API server counts. */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** The first thing that is wrong counts alone. */
function textLimit(
  value: string,
  { limits, pattern }: Structural,
  path: string,
): Cause | undefined {
  const { minLength, maxLength } = limits
  const length = minLength === undefined && maxLength === undefined ? 0 : lengthOf(value)
  if (maxLength !== undefined && length > maxLength) return tooLong(nameOf(path), maxLength)
  if (minLength !== undefined && length < minLength)
    return says(path, value, `be at least ${minLength} chars long`)
  return pattern && !pattern.test(value)
    ? says(path, value, `match '${pattern.source}'`)
    : undefined
}

function numberCauses(value: number, node: Structural, path: string): Cause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = node.limits
  const int = isInt64(value)
  // Limits are floats; beside an integer they are cut to one.
  const at = (limit: number): number => (int ? Math.trunc(limit) : limit)
  const said = (limit: number): string => (int ? String(at(limit)) : goFloat(limit))
  const causes = rangeCauses(value, node, path)
  if (multipleOf !== undefined && at(multipleOf) <= 0)
    causes.push(
      invalid(
        nameOf(path),
        at(multipleOf),
        `factor MultipleOf declared for ${nameOf(path)} must be positive: ${said(multipleOf)}`,
      ),
    )
  else if (multipleOf !== undefined && !isMultiple(value, at(multipleOf)))
    causes.push(says(path, value, `be a multiple of ${said(multipleOf)}`))
  if (minimum !== undefined && (exclusiveMinimum ? value <= at(minimum) : value < at(minimum)))
    causes.push(
      says(
        path,
        value,
        `be greater than ${exclusiveMinimum ? '' : 'or equal to '}${said(minimum)}`,
      ),
    )
  if (maximum !== undefined && (exclusiveMaximum ? value >= at(maximum) : value > at(maximum)))
    causes.push(
      says(path, value, `be less than ${exclusiveMaximum ? '' : 'or equal to '}${said(maximum)}`),
    )
  return causes
}

function isMultiple(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor
  return Number.isSafeInteger(times)
}

const MAX_FLOAT32 = 3.4028234663852886e38

/** Whether a number can be held by what its type and format stand for; the API server has no field for this cause. */
function rangeCauses(value: number, { type, format }: Structural, path: string): Cause[] {
  const inRange =
    type === 'integer'
      ? isInt64(value) && (format !== 'int32' || Math.abs(value + 0.5) < 2 ** 31)
      : format !== 'float' || Math.abs(value) <= MAX_FLOAT32
  if (inRange) return []
  const kind = format ? `with format ${format}` : '(default format)'
  return [invalid('<nil>', '', `Checked value must be of type ${type} ${kind} in ${nameOf(path)}`)]
}

function listCauses(
  value: readonly unknown[],
  node: Structural,
  path: string,
  correlation: Correlation | undefined,
): Cause[] {
  const { items, limits } = node
  const { minItems, maxItems } = limits
  return [
    ...(items
      ? value.flatMap((item, index) =>
          validate(item, items, `${path}[${index}]`, correlation?.item(index)),
        )
      : []),
    ...(minItems !== undefined && value.length < minItems
      ? [says(path, value.length, `have at least ${minItems} items`)]
      : []),
    ...(maxItems !== undefined && value.length > maxItems
      ? [tooMany(nameOf(path), value.length, maxItems)]
      : []),
  ]
}

function fieldCauses(
  value: Fields,
  node: Structural,
  path: string,
  correlation: Correlation | undefined,
): Cause[] {
  const { minProperties, maxProperties } = node.limits
  const names = Object.keys(value)
  return [
    ...(minProperties !== undefined && names.length < minProperties
      ? [says(path, names.length, `have at least ${minProperties} properties`)]
      : []),
    ...(maxProperties !== undefined && names.length > maxProperties
      ? [tooMany(nameOf(path), names.length, maxProperties)]
      : []),
    ...names.flatMap(name => {
      const field = node.properties?.get(name) ?? node.additional
      if (!field || field === true) return []
      // What an object is, is never old.
      const isType = path === '' && (name === 'kind' || name === 'apiVersion')
      return validate(
        value[name],
        field,
        `${path}.${name}`,
        isType ? undefined : correlation?.field(name),
      )
    }),
    ...node.required
      .filter(name => !Object.hasOwn(value, name))
      .map(name => required(nameOf(`${path}.${name}`))),
  ]
}

function enumCauses(value: unknown, node: Structural, path: string): Cause[] {
  if (node.enum.length === 0 || node.enum.some(member => isMember(value, member))) return []
  const words = node.enum.map(member => (typeof member === 'string' ? member : goJson(member)))
  return [notSupported(nameOf(path), value, words)]
}

/** Go converts before it compares: a number to the character of that code, a fraction to its integer. */
function isMember(value: unknown, member: unknown): boolean {
  if (typeof value === 'number' && typeof member === 'number')
    return isInt64(member) ? Math.trunc(value) === member : value === member
  if (isInt64(value) && typeof member === 'string')
    return value === member.codePointAt(0) && lengthOf(member) === 1
  return value !== null && jsonEqual(value, member)
}
