import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { mutation } from '#webhooks/rule.ts'
import { second } from '#webhooks/time.ts'

/**
 * A version says when it was published; a feed keeps versions by that.
 */
export default mutation({
  kinds: [ArtifactVersion],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R213'],
  needed: '!has(object.spec.publishedAt)',
  apply({ object, oldObject }, cluster) {
    const { spec } = object
    if ('publishedAt' in spec) return object
    const publishedAt = oldObject?.spec['publishedAt'] ?? second(cluster.now)
    return { ...object, spec: { ...spec, publishedAt } }
  },
})
