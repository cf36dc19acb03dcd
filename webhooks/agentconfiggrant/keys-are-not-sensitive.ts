import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { isSensitiveKey } from '#src/permissions/sensitive-keys.ts'
import { allow, rule, warn } from '#webhooks/rule.ts'

/**
 * Warns where a key of a ConfigMap sounds like a secret: everybody with `get` on ConfigMaps
 * reads it, and it should be a Secret with a grant of its own.
 */
export default rule({
  kinds: [AgentConfigGrant],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R61'],
  background: 'always',
  decide({ object }) {
    const keys = (object.spec['configMapRef'] as { keys?: unknown } | null | undefined)?.keys
    if (!Array.isArray(keys)) return allow
    const sensitive = keys.filter(key => typeof key === 'string' && isSensitiveKey(key))
    return sensitive.length === 0
      ? allow
      : warn(
          `spec.configMapRef.keys: ${sensitive.map(key => `"${key}"`).join(', ')} sound like secrets; keep them in a Secret and grant that [R61]`,
        )
  },
})
