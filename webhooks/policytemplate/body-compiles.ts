import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { problemsOf } from '#src/policy/body.ts'
import { isTemplate } from '#src/policy/shape.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * The body of a template can become a policy, and one that its author may write.
 *
 * Bindings refuse or report by it for a whole organisation: one that does not compile would do neither, and be noticed by
 * nobody before it is needed. Kyverno reads and writes with rights of its own, so what an organisation's template may ask
 * of it is less than what Kyverno can do.
 *
 * What stands already is not looked at again, so that other changes go through. Bindings of a template that changes are not
 * asked: theirs say in a condition what no longer fits.
 */
export default rule({
  kinds: [PolicyTemplate],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R203', 'R205'],
  decide({ namespace, object, oldObject }) {
    if (oldObject && jsonEqual(object.spec, oldObject.spec)) return allow
    const template = { ...object, metadata: { ...object.metadata, namespace } }
    return isTemplate(template) ? problemsOf(template).flatMap(deny) : allow
  },
})
