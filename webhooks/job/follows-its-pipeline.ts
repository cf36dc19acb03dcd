import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { mapOf, textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A job runs a step of its pipeline, with the trust of the pipeline and no more than the step asks for.
 *
 * What account it runs under follows from there. Steps that a pipeline does not list are those of the
 * repository: what stands in a repository gives nobody Secrets or the API of the cluster.
 */
export default rule({
  kinds: [Job],
  operations: ['CREATE'],
  enforces: ['R191', 'R192', 'R194', 'R195'],
  background: 'while-open',
  gets: [Pipeline],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['pipeline'])
    return name === '' ? [] : [{ kind: Pipeline, name, namespace, fresh: 'live' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['pipeline'])
    const pipeline = name ? cluster.get(Pipeline, name, namespace) : undefined
    if (!pipeline) return allow
    const { steps, trustTier } = pipeline.spec
    const step = steps?.find(each => each.name === spec['step'])
    if (steps && !step)
      return deny({
        rule: 'R194',
        field: 'spec.step',
        value: spec['step'],
        problem: `is no step of pipeline "${name}"`,
        fix: `write one of ${steps.map(each => `"${each.name}"`).join(', ')}`,
      })
    if (spec['trustTier'] !== undefined && spec['trustTier'] !== trustTier)
      return deny({
        rule: 'R195',
        field: 'spec.trustTier',
        value: spec['trustTier'],
        problem: `is not the trust of pipeline "${name}", which is "${trustTier}"`,
        fix: 'leave it out, it follows from the pipeline',
      })
    return (['secrets', 'clusterApi'] as const)
      .filter(scope => mapOf(spec['scopes'])[scope] === true && mapOf(step?.scopes)[scope] !== true)
      .flatMap(scope =>
        deny({
          rule: 'R192',
          field: `spec.scopes.${scope}`,
          value: true,
          problem: `is more than step "${textOf(spec['step'])}" of pipeline "${name}" has`,
          fix: 'write false, or run a pipeline whose step says so',
        }),
      )
  },
})
