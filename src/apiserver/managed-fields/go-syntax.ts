import { goNumber, quoted } from '#src/lib/schema/go-text.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import { compareText } from './value-order.ts'

/** A value as Go's %v has it in a message about types. */
export function plain(value: unknown): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return goNumber(value)
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`
  if (!isFields(value)) return `${value as string | boolean}`
  return `map[${sorted(value, (name, item) => `${name}:${plain(item)}`).join(' ')}]`
}

/** A value as Go's %#v has it. */
export function syntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)'
  if (typeof value === 'number') return goNumber(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map(syntax).join(', ')}}`
  if (!isFields(value)) return `${value as boolean}`
  const pairs = sorted(value, (name, item) => `${quoted(name)}:${syntax(item)}`)
  return `map[string]interface {}{${pairs.join(', ')}}`
}

/** The name of a value's type, as Go's %T has it; of no number. */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  if (isFields(value)) return 'map[string]interface {}'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

const sorted = (
  value: Record<string, unknown>,
  pair: (name: string, item: unknown) => string,
): readonly string[] =>
  Object.entries(value)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, item]) => pair(name, item))
