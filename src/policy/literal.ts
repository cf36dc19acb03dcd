import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'

/** What a parameter may be. */
export type ParameterType = NonNullable<PolicyTemplate['spec']['parameters']>[number]['type']

/** A value of a parameter: a text, a number, a truth, or a list of texts. */
export type ParameterValue = string | number | boolean | readonly string[]

/**
 * A value as a CEL literal. This is the only way in which what a tenant wrote gets near an expression: of a text nothing
 * but letters, digits and harmless signs stays as it is.
 */
export function literalOf(type: ParameterType, value: ParameterValue): string {
  if (typeof value === 'object') return `[${value.map(textLiteral).join(', ')}]`
  if (typeof value === 'string') return textLiteral(value)
  if (typeof value === 'boolean') return String(value)
  return type === 'number' ? doubleLiteral(value) : String(value)
}

/**
 * A text as a CEL literal. Printable ASCII but quotes and backslashes stands for itself. Half a surrogate pair is no
 * character, neither in CEL nor in an object of the API: like Go, it becomes U+FFFD.
 */
export function textLiteral(text: string): string {
  let literal = ''
  for (const character of text.toWellFormed())
    literal += PLAIN.test(character) ? character : escaped(character)
  return `"${literal}"`
}

const PLAIN = /^[ !#-&(-[\]-~]$/

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  const code = character.codePointAt(0)!.toString(16)
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}

/** A whole number would be an int to CEL. */
const doubleLiteral = (value: number): string => {
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
