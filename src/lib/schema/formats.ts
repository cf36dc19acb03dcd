import { isIPv4, isIPv6 } from 'node:net'
import { durationOf } from './duration.ts'
import { patternOf } from './pattern.ts'

type Check = (text: string) => boolean

const matches = (source: string): Check => {
  const pattern = patternOf(source)
  return text => pattern.test(text)
}

const isDate: Check = text => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  // The zeroth of the next month is the last of this one; years below 100 would be taken for 19xx.
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  return month >= 1 && month <= 12 && day >= 1 && day <= last
}

/** Before the fraction any character may stand, and offsets are not looked at: that is how the API server reads it. */
const TIME = /^(\d{2}):(\d{2}):(\d{2})([^\n]\d+)?(z|[+-]\d{2}:\d{2})$/

const isDateTime: Check = text => {
  const [date, time] = text.toLowerCase().split('t') as [string, string?]
  if (time === undefined || !isDate(date)) return false
  const parts = TIME.exec(time)
  return parts !== null && parts[1]! <= '23' && parts[2]! <= '59' && parts[3]! <= '59'
}

/** Zeroes before a number are let through, as in Go before 1.17. */
const withoutZeroes = (text: string): string => text.replaceAll(/(^|\.|:)0+(?=\d)/g, '$1')

const isSloppyIPv4: Check = text => isIPv4(withoutZeroes(text))

const isCidr: Check = text => {
  const [address, bits, ...rest] = text.split('/') as [string, string?, ...string[]]
  if (bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false
  return isSloppyIPv4(address)
    ? Number(bits) <= 32
    : isIPv6(address) && !address.includes('%') && Number(bits) <= 128
}

const uuid = (version: string, variant: string): Check =>
  matches(
    `(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
  )
const ANY = '[0-9a-f]'

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const isShortName = matches(`^${label}$`)
const isLongName = matches(String.raw`^${label}(\.${label})*$`)

/** The formats of strings that are checked here, as kube-apiserver checks them. Names go without dashes. */
const CHECKS: Readonly<Record<string, Check>> = {
  date: isDate,
  datetime: isDateTime,
  duration: text => durationOf(text) !== undefined,
  ipv4: text => text.includes('.') && (isSloppyIPv4(text) || (isIPv6(text) && !text.includes('%'))),
  ipv6: text => isIPv6(text) && !text.includes('%'),
  cidr: isCidr,
  byte: matches('^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$'),
  password: () => true,
  uuid: uuid(ANY, ANY),
  uuid3: uuid('3', ANY),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
  k8sshortname: text => text.length <= 63 && isShortName(text),
  k8slongname: text => text.length <= 253 && isLongName(text),
}

/** Formats that the API server checks and this evaluator cannot: a schema with one of them does not compile. */
const REFUSED: ReadonlySet<string> = new Set([
  'bsonobjectid',
  'creditcard',
  'email',
  'hexcolor',
  'hostname',
  'isbn',
  'isbn10',
  'isbn13',
  'mac',
  'rgbcolor',
  'ssn',
  'uri',
])

const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
}

/**
 * The format that counts for a node of this type: '' where the API server ignores it, and `undefined` where only the
 * API server can check it.
 */
export function formatThatCounts(type: string, format: string): string | undefined {
  if (type !== 'string' && type !== '') return NUMBERS[type]?.includes(format) ? format : ''
  const name = format.replaceAll('-', '')
  if (REFUSED.has(name)) return undefined
  return Object.hasOwn(CHECKS, name) ? format : ''
}

/** Whether a string has a format that counts. */
export const hasFormat = (format: string, text: string): boolean =>
  CHECKS[format.replaceAll('-', '')]?.(text) ?? true
