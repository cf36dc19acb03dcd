import type { Resource } from '../resource.ts'
import type { FieldRequirement } from '../selectors.ts'
import { badRequest } from '../status-error.ts'

/** The requirements of a field selector, all of which must hold. Throws StatusError 400. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return termsOf(text)
    .filter(term => term !== '')
    .toSorted()
    .map(term => {
      const split = /!=|==|=/.exec(term)
      if (!split) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
      return {
        field: term.slice(0, split.index),
        operator: split[0] === '!=' ? '!=' : '=',
        value: unescaped(term.slice(split.index + split[0].length)),
      } as const
    })
    .filter(({ field, value }) => field !== '' || value !== '')
}

/** Split at commas, but for those behind a backslash. */
function termsOf(text: string): string[] {
  const terms = ['']
  for (const [part] of text.matchAll(/\\[^]?|,|[^\\,]+/g))
    if (part === ',') terms.push('')
    else terms.push(terms.pop()! + part)
  return terms
}

function unescaped(value: string): string {
  return value.replaceAll(/\\([^]?)|[,=]/gu, (found, escaped: string | undefined) => {
    if (escaped === undefined)
      throw badRequest(
        `invalid field selector: unescaped character in value: ${found.charCodeAt(0)}`,
      )
    if (escaped === '' || !'\\,='.includes(escaped))
      throw badRequest(`invalid field selector: invalid escape sequence: ${found}`)
    return escaped
  })
}

/** Throws StatusError 400 where the resource cannot be selected by one of the fields. */
export function checkFields(
  { kind, selectableFields }: Resource,
  requirements: readonly FieldRequirement[],
): void {
  for (const { field } of requirements) {
    const known =
      field === 'metadata.name' ||
      (kind.namespaced && field === 'metadata.namespace') ||
      selectableFields.includes(`.${field}`)
    if (!known) throw badRequest(`field label not supported: ${field}`)
  }
}

/** The one value that a field must have, or undefined. */
export const exactly = (
  requirements: readonly FieldRequirement[],
  field: string,
): string | undefined =>
  requirements.find(wanted => wanted.field === field && wanted.operator === '=')?.value
