import { PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * A review is of a commit: where it does not say which, of the head of the pull request as it is now.
 *
 * What is pushed after it was read must not count as read.
 */
export default mutation({
  kinds: [Review],
  operations: ['CREATE'],
  enforces: ['R79'],
  needed: '!has(object.spec.commit)',
  gets: [PullRequest],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['pullRequest'])
    return name === '' || 'commit' in object.spec
      ? []
      : [{ kind: PullRequest, name, namespace, fresh: 'live' }]
  },
  apply({ object, namespace }, cluster) {
    const name = textOf(object.spec['pullRequest'])
    if (name === '' || 'commit' in object.spec) return object
    const commit = cluster.get(PullRequest, name, namespace)?.status?.head?.commit
    return commit === undefined ? object : { ...object, spec: { ...object.spec, commit } }
  },
})
