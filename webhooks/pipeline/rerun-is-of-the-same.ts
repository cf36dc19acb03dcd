import { Pipeline } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * To run a pipeline again is to run the same one: of its repository, for its pull request, and with no more trust.
 *
 * Otherwise the way to trust what came from a fork would be to run it a second time.
 */
export default rule({
  kinds: [Pipeline],
  operations: ['CREATE'],
  enforces: ['R191', 'R197'],
  background: 'while-open',
  gets: [Pipeline],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['rerunOf'])
    return name === '' ? [] : [{ kind: Pipeline, name, namespace, fresh: 'live' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['rerunOf'])
    const first = name ? cluster.get(Pipeline, name, namespace) : undefined
    if (!first) return allow
    const differing = (['repository', 'ref', 'pullRequest'] as const).find(
      field => spec[field] !== first.spec[field],
    )
    if (differing)
      return deny({
        rule: 'R197',
        field: `spec.${differing}`,
        value: spec[differing] ?? null,
        problem: `is not that of pipeline "${name}", which is to run again`,
        fix: `write ${JSON.stringify(first.spec[differing] ?? null)}, or leave rerunOf out`,
      })
    if (spec['trustTier'] !== 'trusted' || first.spec.trustTier === 'trusted') return allow
    return deny({
      rule: 'R191',
      field: 'spec.trustTier',
      value: 'trusted',
      problem: `is more than pipeline "${name}" had, which is to run again`,
      fix: 'write "untrusted"',
    })
  },
})
