import { goJson } from '#src/lib/schema/go-text.ts'
import type { Cause } from '#src/lib/schema/cause.ts'
import type { Verdict } from '#src/lib/schema/evaluator.ts'
import type { Answer } from './api.ts'

type Json = Record<string, unknown>

/** What the API server writes itself, and the namespace, which it knows from the path. */
const OF_SERVER = [
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]

/** Where evaluator and API server differ about an object, '' where they agree. */
export function difference(verdict: Verdict, { status, body, warnings }: Answer): string {
  const refusal = verdict.undecodable !== undefined ? 400 : verdict.causes.length > 0 ? 422 : 200
  const kind = status === 201 ? 200 : status
  if (refusal !== kind)
    return `evaluator ${refusal} ${JSON.stringify(verdict.undecodable ?? verdict.causes)}\nserver ${status} ${JSON.stringify(body['message'] ?? '')}`
  if (refusal === 400) return ''
  const unknown = warnings.filter(warning => warning.startsWith('unknown field'))
  // Beyond 4,096 characters in all the API server drops warnings.
  const isCut = warnings.join('').length > 3072
  const strict = differ(
    isCut ? verdict.strict.filter(field => unknown.includes(field)) : verdict.strict,
    unknown,
  )
  if (strict) return `unknown fields: ${strict}`
  if (refusal === 422)
    return differ(
      verdict.causes.map(inOwnWords).map(goJson),
      causesOf(body).map(inOwnWords).map(goJson),
    )
  const [ours, theirs] = [stored(verdict.object), stored(body)].map(goJson) as [string, string]
  return ours === theirs ? '' : `stored\nevaluator ${ours}\nserver    ${theirs}`
}

interface Status {
  details?: { causes?: Cause[] }
}

/**
 * A rule that asks about what does not have its schema's type, such as a list where a date is expected, fails on both
 * sides; the API server says why in words of Go that are not ours.
 */
const inOwnWords = (cause: Cause): Cause => ({
  ...cause,
  // Half a character of UTF-16 is none to Go.
  message: cause.message
    .toWellFormed()
    .replace(/: (?:invalid data, expected|Invalid \S+ ).* evaluating rule: /s, ': unreadable: ')
    .replace(/: 'no such overload[^']*': .* for rule: /s, ': unreadable: '),
})

const causesOf = (body: Json) =>
  ((body as Status).details?.causes ?? []).map(({ reason, message, field }) => ({
    field,
    reason,
    message,
  }))

function differ(ours: readonly string[], theirs: readonly string[]): string {
  const only = (a: readonly string[], b: readonly string[]): string[] =>
    [...new Set(a)].filter(item => !b.includes(item))
  const [a, b] = [only(ours, theirs), only(theirs, ours)]
  return a.length + b.length === 0
    ? ''
    : `\nevaluator alone: ${a.join('\n  ')}\nserver alone:    ${b.join('\n  ')}`
}

function stored(object: Json): Json {
  const metadata = Object.entries((object['metadata'] ?? {}) as Json).filter(
    ([name]) => !OF_SERVER.includes(name),
  )
  return { ...object, metadata: Object.fromEntries(metadata) }
}
