import { Issue } from '#src/api/activity/v1alpha1.ts'
import { isMap, listOf, textOf } from '#src/permissions/untyped.ts'
import { commentsOf } from '#webhooks/comments.ts'
import { mutation } from '#webhooks/rule.ts'
import { second } from '#webhooks/time.ts'

/**
 * A comment says who said it and when.
 *
 * Both come from the request; what is there already is for comments-are-their-authors to judge. One that was
 * there before keeps what it had.
 */
export default mutation({
  kinds: [Issue],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R227'],
  needed: 'has(object.spec.comments)',
  apply({ object, oldObject, user }, cluster) {
    const comments = listOf(object.spec['comments'])
    const before = commentsOf(oldObject)
    const isComplete = (comment: unknown) =>
      !isMap(comment) || ('author' in comment && 'createdAt' in comment)
    if (comments.every(isComplete)) return object
    return {
      ...object,
      spec: {
        ...object.spec,
        comments: comments.map(comment => {
          if (!isMap(comment) || isComplete(comment)) return comment
          const { author = user.username, createdAt = second(cluster.now) } =
            before.get(textOf(comment['id'])) ?? {}
          return { author, createdAt, ...comment }
        }),
      },
    }
  },
})
