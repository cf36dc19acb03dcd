import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { isMap } from '#src/permissions/untyped.ts'
import { deny, rule } from '#webhooks/rule.ts'

/**
 * What looks like a credential, whatever it stands in: private keys, tokens of well known providers, headers that sign
 * in, and addresses with a password. None of these occurs in plain writing.
 */
const CREDENTIALS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,})/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  /\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+\S{8,}/i,
  /\bhttps?:\/\/[^\s/:@]+:[^\s/@]+@/i,
]

/**
 * An intent carries no credential: neither in what is sent, nor in its key, nor anywhere else.
 *
 * Everybody in the organisation reads intents, and what was sent is kept. The connector adds the
 * credential of the binding by itself. What was found is not repeated in the answer.
 */
export default rule({
  kinds: [ExternalWriteIntent],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R172'],
  decide: ({ object }) =>
    textsIn(object.spec, 'spec')
      .filter(({ text }) => CREDENTIALS.some(pattern => pattern.test(text)))
      .flatMap(({ path }) =>
        deny({
          rule: 'R172',
          field: path,
          value: undefined,
          problem: 'something in it looks like a credential, which everybody here could read',
          fix: 'leave it out, the connector signs in by the Secret of the binding; and replace it where it is used',
        }),
      ),
})

interface Text {
  readonly path: string
  readonly text: string
}

/** Every text in a value, with where it stands. */
function textsIn(value: unknown, path: string): readonly Text[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (Array.isArray(value))
    return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`))
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, `${path}.${key}`))
}
