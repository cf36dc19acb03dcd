import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * An account is one person: no two Users of an organisation are mapped to the same subject.
 *
 * Otherwise somebody could approve as one User what he asked for as the other. Two that are
 * created at the same moment may both get past; then the identity controller lets the
 * older one count and says so on the other.
 */
export default rule({
  kinds: [IdentityMapping],
  operations: ['CREATE'],
  enforces: ['R42'],
  background: 'always',
  watches: [IdentityMapping],
  decide({ namespace, object }, cluster) {
    const { user, provider, subject } = object.spec
    const other = cluster
      .list(IdentityMapping, namespace)
      .find(
        ({ spec }) => spec.provider === provider && spec.subject === subject && spec.user !== user,
      )
    if (!other) return allow
    return deny({
      rule: 'R42',
      field: 'spec.subject',
      value: subject,
      problem: `is mapped to User "${other.spec.user}" by IdentityMapping "${other.metadata.name}"`,
      fix: `delete that one first, or write user: ${other.spec.user}`,
    })
  },
})
