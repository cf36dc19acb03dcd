import { isInt64 } from './numbers.ts'
import { isFields } from './structural.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
  '\\': String.raw`\\`,
  '"': String.raw`\"`,
}

/** A string as Go's %q has it. */
export const quoted = (text: string): string =>
  `"${text.toWellFormed().replaceAll(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`

function escaped(character: string): string {
  const known = ESCAPES[character]
  if (known) return known
  const code = character.codePointAt(0)!
  const hex = code.toString(16)
  if (code < 0x80) return String.raw`\x${hex.padStart(2, '0')}`
  return code < 0x10000
    ? String.raw`\u${hex.padStart(4, '0')}`
    : String.raw`\U${hex.padStart(8, '0')}`
}

/** A float as Go's %v has it: with an exponent from a million on. */
export function goFloat(value: number): string {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** A number of a manifest as Go's %v has it. */
export const goNumber = (value: number): string => (isInt64(value) ? String(value) : goFloat(value))

/** JSON as Go writes it: keys in order, and nothing that HTML could take for its own. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (isFields(value))
    return `{${Object.keys(value)
      .toSorted()
      .map(key => `${goJson(key)}:${goJson(value[key])}`)
      .join(',')}}`
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    character => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A value as it stands in a cause of the API server. */
export function goValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'number' ? goNumber(value) : goJson(value)
}
