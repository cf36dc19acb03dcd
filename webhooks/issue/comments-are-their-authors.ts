import { Issue } from '#src/api/activity/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import type { Untyped } from '#src/permissions/untyped.ts'
import { speaksForOthers } from '#webhooks/authors.ts'
import { commentsOf } from '#webhooks/comments.ts'
import { deny, rule, type AccessReview, type Finding, type Request } from '#webhooks/rule.ts'

/**
 * What people say to an issue stays what they said.
 *
 * All comments are in one object, which everybody who works on it may write: without this rule also
 * in the words of others, and agents are started by comments. A comment is changed by who wrote
 * it; it is taken away by him, or by somebody who may delete the issue.
 */
export default rule({
  kinds: [Issue],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R227'],
  reviews: request => (takenAway(request).length > 0 ? [deletion(request)] : []),
  decide(request, _cluster, access) {
    const { object, oldObject, user } = request
    if (speaksForOthers(user)) return []
    const before = commentsOf(oldObject)
    const written = [...commentsOf(object)].flatMap(([id, comment]): readonly Finding[] => {
      const old = before.get(id)
      if (old && jsonEqual(old, comment)) return []
      if (!old && comment['author'] === user.username) return []
      if (old && isOf(user.username, old) && isOf(user.username, comment)) return []
      return deny({
        rule: 'R227',
        field: `spec.comments[${id}]`,
        value: (old ?? comment)['author'],
        problem: old
          ? `said this, and you are "${user.username}"`
          : `is not who says this, "${user.username}"`,
        fix: old ? 'add a comment of your own' : 'leave the author out, it is filled in',
      })
    })
    if (written.length > 0) return written
    const gone = takenAway(request)
    if (gone.length === 0 || access.allowed(deletion(request))) return []
    return gone.flatMap(([id, { author }]) =>
      deny({
        rule: 'R227',
        field: `spec.comments[${id}]`,
        value: author,
        problem: 'said this, and it is missing',
        fix: 'leave it where it is, or ask him or somebody who may delete issues',
      }),
    )
  },
})

const isOf = (username: string | undefined, { author }: Untyped): boolean => author === username

/** Comments of others that this very write takes away. */
function takenAway({ object, oldObject, user }: Request): (readonly [string, Untyped])[] {
  if (speaksForOthers(user)) return []
  const now = commentsOf(object)
  return [...commentsOf(oldObject)].filter(
    ([id, comment]) => !now.has(id) && !isOf(user.username, comment),
  )
}

const deletion = ({ namespace, name }: Request): AccessReview => ({
  verb: 'delete',
  group: Issue.group,
  resource: Issue.plural,
  namespace,
  name,
})
