import { ownedKinds } from '#src/api/kinds.ts'
import { ACTIVITY_GROUP, SPEC_MAX_BYTES } from '#src/api/names.ts'
import { jsonBytes } from '#src/lib/json-size.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Objects are small: no more than 256 KiB of spec.
 *
 * Configuration is kept in etcd and in the memory of everybody who watches the kind, for every
 * organisation; activity goes to everybody who lists it, a thousand at a time. Large things are kept
 * elsewhere and named (R16). Most schemas leave no room for more; this rule is for the others. What is
 * too large already may shrink, or stay as it is.
 */
export default rule({
  kinds: ownedKinds.filter(({ large }) => large),
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R15', 'R16'],
  background: 'always',
  decide({ object, oldObject, resource }) {
    const bytes = jsonBytes(object.spec)
    if (bytes <= SPEC_MAX_BYTES || (oldObject && bytes <= jsonBytes(oldObject.spec))) return allow
    const [number, what, where] =
      resource.group === ACTIVITY_GROUP
        ? ['R16', 'an object', 'in object storage, and give its digest']
        : ['R15', 'configuration', 'in a repository, an artifact or a ConfigMap, and name it']
    return deny({
      rule: number,
      field: 'spec',
      value: bytes,
      problem: `bytes are more than the ${SPEC_MAX_BYTES} that ${what} may have`,
      fix: `keep what is large ${where}`,
    })
  },
})
