import { PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isSamePerson } from '#webhooks/person.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Nobody approves of his own pull request, under whichever of his accounts.
 *
 * Approvals are what lets a change into a protected branch; one's own says nothing.
 */
export default rule({
  kinds: [Review],
  operations: ['CREATE'],
  enforces: ['R76', 'R78'],
  background: 'always',
  watches: [IdentityMapping],
  gets: [PullRequest],
  live: [],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['pullRequest'])
    return name === '' ? [] : [{ kind: PullRequest, name, namespace, fresh: 'live' }]
  },
  decide({ object, namespace }, cluster) {
    if (object.spec['decision'] !== 'approval') return allow
    const name = textOf(object.spec['pullRequest'])
    const pullRequest = name ? cluster.get(PullRequest, name, namespace) : undefined
    const author = pullRequest?.spec.author
    const reviewer = textOf(object.spec['author'])
    if (author === undefined || !isSamePerson(author, reviewer, namespace, cluster)) return allow
    return deny({
      rule: 'R76',
      field: 'spec.decision',
      value: 'approval',
      problem: `of pull request "${name}" is its author's own`,
      fix: 'ask somebody else, or write "comment"',
    })
  },
})
