import { Pipeline, PullRequest } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Finding } from '#webhooks/rule.ts'

/**
 * What comes from a fork is untrusted, whoever runs it.
 *
 * Anybody may fork and offer a change; with trust, its steps would have Secrets and the API of the
 * cluster. A pipeline that checks a pull request is of the repository that it is offered to.
 */
export default rule({
  kinds: [Pipeline],
  operations: ['CREATE'],
  enforces: ['R191'],
  background: 'while-open',
  gets: [PullRequest],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['pullRequest'])
    return name === '' ? [] : [{ kind: PullRequest, name, namespace, fresh: 'live' }]
  },
  decide({ object: { spec }, namespace }, cluster): readonly Finding[] {
    const name = textOf(spec['pullRequest'])
    const pullRequest = name ? cluster.get(PullRequest, name, namespace) : undefined
    if (!pullRequest) return allow
    const { repository, source } = pullRequest.spec
    if (spec['repository'] !== repository)
      return deny({
        rule: 'R191',
        field: 'spec.repository',
        value: spec['repository'],
        problem: `is not the repository of pull request "${name}"`,
        fix: `write "${repository}", or name another pull request`,
      })
    if (source.repository === undefined || spec['trustTier'] !== 'trusted') return allow
    return deny({
      rule: 'R191',
      field: 'spec.trustTier',
      value: 'trusted',
      problem: `is not for pull request "${name}", which comes from fork "${source.repository}"`,
      fix: 'write "untrusted", with neither secrets nor clusterApi in any step',
    })
  },
})
