import { externalActivity, labelsOf } from '#webhooks/external-activity.ts'
import { deny, rule } from '#webhooks/rule.ts'

/**
 * The labels of what is written about a provider say what its spec says.
 *
 * Whoever selects by a label would otherwise take the deliveries of one provider for another's.
 */
export default rule({
  kinds: externalActivity,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R184'],
  background: 'always',
  decide: ({ object: { metadata, spec } }) =>
    Object.entries(labelsOf(spec))
      .filter(([label, value]) => (metadata.labels[label] ?? value) !== value)
      .flatMap(([label, value]) =>
        deny({
          rule: 'R184',
          field: `metadata.labels[${label}]`,
          value: metadata.labels[label],
          problem: `is not what the spec says, "${value}"`,
          fix: 'leave the label out, it is filled in',
        }),
      ),
})
