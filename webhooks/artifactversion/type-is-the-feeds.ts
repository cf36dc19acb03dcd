import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { ArtifactFeed, ArtifactRegistry } from '#src/api/artifacts/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A feed takes packages of the type of its registry.
 *
 * Clients speak to a registry in the words of one type: a package of another would be there, and nobody could fetch it.
 */
export default rule({
  kinds: [ArtifactVersion],
  operations: ['CREATE'],
  enforces: ['R212'],
  background: 'always',
  watches: [ArtifactFeed, ArtifactRegistry],
  live: [ArtifactFeed],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['feedRef'])
    return name === '' ? [] : [{ kind: ArtifactFeed, name, namespace, fresh: 'on-miss' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['feedRef'])
    const feed = name ? cluster.get(ArtifactFeed, name, namespace) : undefined
    const registry = feed && cluster.get(ArtifactRegistry, feed.spec.registryRef, namespace)
    if (!registry || registry.spec.type === spec['packageType']) return allow
    return deny({
      rule: 'R212',
      field: 'spec.packageType',
      value: spec['packageType'],
      problem: `is not the type of feed "${name}", which is "${registry.spec.type}"`,
      fix: `write "${registry.spec.type}", or publish in another feed`,
    })
  },
})
