import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * A job is trusted as its pipeline is; nobody chooses it.
 *
 * What is there already is for follows-its-pipeline to judge.
 */
export default mutation({
  kinds: [Job],
  operations: ['CREATE'],
  enforces: ['R195'],
  needed: '!has(object.spec.trustTier)',
  gets: [Pipeline],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['pipeline'])
    return name === '' || 'trustTier' in object.spec
      ? []
      : [{ kind: Pipeline, name, namespace, fresh: 'live' }]
  },
  apply({ object, namespace }, cluster) {
    const name = textOf(object.spec['pipeline'])
    if (name === '' || 'trustTier' in object.spec) return object
    const trustTier = cluster.get(Pipeline, name, namespace)?.spec.trustTier
    return trustTier === undefined ? object : { ...object, spec: { ...object.spec, trustTier } }
  },
})
