import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { isMap } from '#src/permissions/untyped.ts'
import { holdsCredential } from '#webhooks/credentials.ts'
import { deny, rule } from '#webhooks/rule.ts'

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
  background: 'always',
  decide: ({ object }) =>
    textsIn(object.spec, 'spec')
      .filter(({ text }) => holdsCredential(text))
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
