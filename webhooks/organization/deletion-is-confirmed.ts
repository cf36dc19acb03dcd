import { Namespace } from '#src/api/core/v1.ts'
import { Organization } from '#src/api/identity/v1alpha1.ts'
import { ANNOTATION_CONFIRM_DELETE, orgNamespace } from '#src/api/names.ts'
import { allow, deny, rule, warn } from '#webhooks/rule.ts'

/**
 * Deleting an organisation takes its namespace and everything in it along, so it
 * has to be confirmed on the object first, with the slug spelled out.
 *
 * The namespace is read live: a watch that lags would let the deletion of an
 * organisation pass whose namespace was made a moment ago. A namespace that is
 * already going needs no confirmation any more.
 */
export default rule({
  kinds: [Organization],
  operations: ['DELETE'],
  enforces: ['R31'],
  gets: [Namespace],
  lookups: ({ name }) => [{ kind: Namespace, name: orgNamespace(name), fresh: 'live' }],
  decide({ name, namespace, object }, cluster) {
    const tenant = cluster.get(Namespace, orgNamespace(name))
    if (!tenant || tenant.metadata.deletionTimestamp || object.metadata.deletionTimestamp)
      return allow
    const confirmed = object.metadata.annotations[ANNOTATION_CONFIRM_DELETE]
    if (confirmed === name)
      return warn(
        `organization "${name}": its namespace "${orgNamespace(name)}" and everything in it is deleted too`,
      )
    return deny({
      rule: 'R31',
      field: `metadata.annotations[${ANNOTATION_CONFIRM_DELETE}]`,
      value: confirmed,
      problem: `does not confirm that namespace "${orgNamespace(name)}" and everything in it goes too`,
      fix: `run: kubectl annotate organization ${name} -n ${namespace} ${ANNOTATION_CONFIRM_DELETE}=${name}`,
    })
  },
})
