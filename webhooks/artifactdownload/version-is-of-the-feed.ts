import { ArtifactDownload, ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * What was fetched from a feed is a version that is in it.
 *
 * Who may read is decided by the feed; a record of another one would be found by people who may not know of it.
 */
export default rule({
  kinds: [ArtifactDownload],
  operations: ['CREATE'],
  enforces: ['R212'],
  background: 'always',
  gets: [ArtifactVersion],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['versionRef'])
    return name === '' ? [] : [{ kind: ArtifactVersion, name, namespace, fresh: 'live' }]
  },
  decide({ object: { spec }, namespace }, cluster) {
    const name = textOf(spec['versionRef'])
    const version = name ? cluster.get(ArtifactVersion, name, namespace) : undefined
    if (!version || version.spec.feedRef === spec['feedRef']) return allow
    return deny({
      rule: 'R212',
      field: 'spec.versionRef',
      value: name,
      problem: `is a version in feed "${version.spec.feedRef}"`,
      fix: `write "${version.spec.feedRef}" in spec.feedRef`,
    })
  },
})
