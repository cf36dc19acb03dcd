import { ArtifactDownload } from '#src/api/activity/v1alpha1.ts'
import { deny, rule } from '#webhooks/rule.ts'

/**
 * A record of a download is not taken away by anybody: it goes when its time is over, or with its namespace.
 *
 * It is there for the day when somebody asks who has fetched a package, which may be the one who would delete it.
 */
export default rule({
  kinds: [ArtifactDownload],
  operations: ['DELETE'],
  enforces: ['R213'],
  decide: ({ name }) =>
    deny({
      rule: 'R213',
      field: 'metadata.name',
      value: name,
      problem: 'is a record, which nobody takes away',
      fix: 'leave it: records go by themselves when their time is over',
    }),
})
