import { orgScopedKinds } from '#src/api/kinds.ts'
import { SPEC_MAX_BYTES } from '#src/api/names.ts'
import { jsonBytes } from '#src/lib/json-size.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Configuration is small: no more than 256 KiB of spec.
 *
 * All of it is kept in etcd and in the memory of everybody who watches the kind, for every
 * organisation. Large things are kept elsewhere and named (R16). Most schemas leave no room for more;
 * this rule is for the others. What is too large already may shrink, or stay as it is.
 */
export default rule({
  kinds: orgScopedKinds.filter(({ large }) => large),
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R15', 'R16'],
  decide({ object, oldObject }) {
    const bytes = jsonBytes(object.spec)
    if (bytes <= SPEC_MAX_BYTES || (oldObject && bytes <= jsonBytes(oldObject.spec))) return allow
    return deny({
      rule: 'R15',
      field: 'spec',
      value: bytes,
      problem: `bytes are more than the ${SPEC_MAX_BYTES} that configuration may have`,
      fix: 'keep what is large in a repository, an artifact or a ConfigMap, and name it',
    })
  },
})
