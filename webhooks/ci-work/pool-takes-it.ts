import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { isMap, listOf, textOf } from '#src/permissions/untyped.ts'
import { deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * Untrusted work goes to runners for untrusted work, and no other goes there.
 *
 * Runners and their caches keep something of what ran in them, in both directions. A pool that is not
 * there takes nothing, and is a matter of the reference's condition.
 */
export default rule({
  kinds: [Job, Pipeline],
  operations: ['CREATE'],
  enforces: ['R222'],
  background: 'while-open',
  watches: [RunnerPool],
  lookups: request =>
    poolsOf(request).map(({ name }) => ({
      kind: RunnerPool,
      name,
      namespace: request.namespace,
      fresh: 'on-miss' as const,
    })),
  decide(request, cluster) {
    const trust = request.object.spec['trustTier'] === 'trusted' ? 'trusted' : 'untrusted'
    return poolsOf(request).flatMap(({ name, field }) => {
      const pool = cluster.get(RunnerPool, name, request.namespace)
      if (!pool || pool.spec.trustTier === trust) return []
      return deny({
        rule: 'R222',
        field,
        value: name,
        problem: `is a pool for ${pool.spec.trustTier} work, and this is ${trust}`,
        fix: `name a RunnerPool whose trustTier is "${trust}"`,
      })
    })
  },
})

interface Pool {
  readonly name: string
  readonly field: string
}

/** Every pool that is named, for all of it and for single steps. */
function poolsOf({ object: { spec } }: Request): readonly Pool[] {
  const steps = listOf(spec['steps']).filter(isMap)
  return [
    { name: textOf(spec['runnerPool']), field: 'spec.runnerPool' },
    ...steps.map((step, index) => ({
      name: textOf(step['runnerPool']),
      field: `spec.steps[${index}].runnerPool`,
    })),
  ].filter(({ name }) => name !== '')
}
