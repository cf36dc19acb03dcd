import { ownedKinds } from '#src/api/kinds.ts'
import { OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import {
  LABEL_ORG,
  ORG_NAMESPACE_PREFIX,
  PLATFORM_NAMESPACE,
  slugOfNamespace,
} from '#src/api/names.ts'
import { allow, deny, rule, type Finding, type ReviewedObject } from '#webhooks/rule.ts'

/**
 * What belongs to an organisation lives in the namespace bound to it, and says so.
 *
 * The admission policy `organization-scope` compares object and namespace label
 * inside the API server, and the identity controller keeps that label only as long as
 * the binding is there; this rule asks the binding itself. It is for the places where
 * no admission policy judges, and speaks with the others where the webhook is called.
 */
export default rule({
  kinds: ownedKinds,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R26', 'R28', 'R29'],
  background: 'always',
  native: 'kradle-organization-scope',
  watches: [OrgNamespaceBinding],
  lookups({ namespace }) {
    const slug = slugOfNamespace(namespace)
    return slug
      ? [{ kind: OrgNamespaceBinding, name: slug, namespace: PLATFORM_NAMESPACE, fresh: 'on-miss' }]
      : []
  },
  decide({ namespace, object, resource }, cluster) {
    if (namespace === PLATFORM_NAMESPACE && resource.resource === PolicyTemplate.plural)
      return platformTemplate(object)
    const slug = slugOfNamespace(namespace)
    const binding = slug && cluster.get(OrgNamespaceBinding, slug, PLATFORM_NAMESPACE)
    if (
      !slug ||
      !binding ||
      binding.spec.namespace !== namespace ||
      binding.metadata.deletionTimestamp
    )
      return deny({
        rule: 'R29',
        field: 'metadata.namespace',
        value: namespace,
        problem: 'is not bound to an organisation',
        fix: slug
          ? `wait until "kubectl get organization ${slug} -n ${PLATFORM_NAMESPACE}" says Ready, or create it`
          : `use the namespace of your organisation, ${ORG_NAMESPACE_PREFIX}<slug>`,
      })

    const { organizationRef } = binding.spec
    const fix = `leave it out or write "${organizationRef}", or use the namespace of the other organisation`
    const problem = `is not the organisation of namespace "${namespace}", which is "${organizationRef}"`
    const ref = object.spec['organizationRef']
    if (ref !== undefined && ref !== organizationRef)
      return deny({ rule: 'R28', field: 'spec.organizationRef', value: ref, problem, fix })
    const label = object.metadata.labels[LABEL_ORG]
    if (label !== undefined && label !== organizationRef)
      return deny({
        rule: 'R28',
        field: `metadata.labels[${LABEL_ORG}]`,
        value: label,
        problem,
        fix,
      })
    return allow
  },
})

/** A template in kradle-system belongs to the platform, not to an organisation (R38). */
function platformTemplate({ spec, metadata }: ReviewedObject): readonly Finding[] {
  const found = [
    { field: 'spec.organizationRef', value: spec['organizationRef'] },
    { field: `metadata.labels[${LABEL_ORG}]`, value: metadata.labels[LABEL_ORG] },
  ].find(({ value }) => value !== undefined)
  if (!found) return allow
  return deny({
    rule: 'R29',
    ...found,
    problem: `is not for a template in "${PLATFORM_NAMESPACE}", which belongs to the platform`,
    fix: `leave it out, or create the template in "${ORG_NAMESPACE_PREFIX}${String(found.value)}"`,
  })
}
