import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { named } from '#src/lib/references.ts'
import { listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import {
  askedOf,
  bindingReads,
  isAskingOrApproving,
  type Asked,
} from '#webhooks/exception-request.ts'
import { allow, deny, rule, type Finding, type Request } from '#webhooks/rule.ts'

/**
 * What somebody asks to be exempt from has exceptions, judges the objects, and, where it refuses, has somebody bear the
 * risk.
 *
 * All but the kinds is asked again when it is approved: profile and mode may have changed. That there is such
 * a binding at all is for references-exist to ask when the request is made, and for this when it is approved.
 */
export default rule({
  kinds: [PolicyExceptionRequest],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R202'],
  watches: [PolicyBinding, PolicyProfile, PolicyTemplate],
  live: [PolicyBinding],
  lookups: request => (isAskingOrApproving(request) ? bindingReads(request) : []),
  decide(request, cluster) {
    if (!isAskingOrApproving(request)) return allow
    const asked = askedOf(request, cluster)
    if (!asked.binding) return request.operation === 'CREATE' ? allow : withoutPolicy(request)
    return [
      ...exceptionsAreAllowed(request, asked),
      ...riskIsBorne(request, asked.binding, asked),
      ...(request.operation === 'CREATE' ? kindsAreJudged(request, asked.binding, cluster) : allow),
    ]
  },
})

const refused = (field: string, value: unknown, problem: string, fix: string): readonly Finding[] =>
  deny({ rule: 'R202', field, value, problem, fix })

const withoutPolicy = ({ object }: Request): readonly Finding[] =>
  refused(
    'spec.policyRef',
    object.spec['policyRef'],
    'is no PolicyBinding any more',
    'deny the request; there is nothing to be exempt from',
  )

const exceptionsAreAllowed = ({ object }: Request, { rules, says }: Asked): readonly Finding[] =>
  rules.allowed
    ? allow
    : refused(
        'spec.policyRef',
        object.spec['policyRef'],
        `is a PolicyBinding from which ${says} allows no exceptions`,
        'do what the policy wants, or have the profile allow exceptions',
      )

function riskIsBorne(
  { object, operation }: Request,
  { metadata, spec }: PolicyBinding,
  { rules, profile }: Asked,
): readonly Finding[] {
  const isEnforced = spec.mode === 'enforce' && profile?.spec.mode !== 'audit'
  if (!isEnforced || !rules.requireRiskAcceptance || textOf(object.spec['riskAcceptance']) !== '')
    return allow
  return refused(
    'spec.riskAcceptance',
    undefined,
    `nobody bears the risk of an exception from PolicyBinding "${metadata.name}", which is enforced`,
    operation === 'CREATE'
      ? 'write who does, and why it can be borne'
      : 'deny it, and have it asked again with somebody who does',
  )
}

function kindsAreJudged(
  { object, namespace }: Request,
  { metadata, spec }: PolicyBinding,
  cluster: Cluster,
): readonly Finding[] {
  const template = named(PolicyTemplate, spec.templateRef, namespace, cluster)
  if (!template)
    return refused(
      'spec.policyRef',
      metadata.name,
      `is a PolicyBinding whose PolicyTemplate "${spec.templateRef}" is not there`,
      'create that first; without it there is nothing to be exempt from',
    )
  const { targetKinds } = template.spec
  // A group may stand in front: batch/Job.
  const judged = new Set(targetKinds.map(kind => kind.slice(kind.lastIndexOf('/') + 1)))
  return listOf(object.spec['resources']).flatMap((resource, index) => {
    const kind = textOf(mapOf(resource)['kind'])
    return judged.has(kind)
      ? allow
      : refused(
          `spec.resources[${index}].kind`,
          kind,
          `is no kind that PolicyBinding "${metadata.name}" judges`,
          `name objects of ${targetKinds.join(', ')}`,
        )
  })
}
