import { externalActivity, labelsOf } from '#webhooks/external-activity.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * What is written about a provider is labelled with provider, interface, repository and owner.
 *
 * That is how all of one provider or repository is found. A label that is there is for labels-agree to judge.
 */
export default mutation({
  kinds: externalActivity,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R184'],
  needed: 'true',
  apply({ object }) {
    const { metadata, spec } = object
    const missing = Object.entries(labelsOf(spec)).filter(([label]) => !(label in metadata.labels))
    if (missing.length === 0) return object
    const labels = { ...Object.fromEntries(missing), ...metadata.labels }
    return { ...object, metadata: { ...metadata, labels } }
  },
})
