import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { protectionsOf } from '#src/permissions/ref-update/branch-protection.ts'
import { lacksOf } from '#src/permissions/ref-update/merge-gate.ts'
import { isMap, mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Finding, type Request } from '#webhooks/rule.ts'

/**
 * A pull request is merged once the protections of its target are satisfied: enough people approve of
 * its head, nobody wants changes, and every check that is asked for has passed on that head.
 *
 * What counts is the status, which the controller keeps from reviews and checks; what somebody writes
 * into the object himself does not. One that is to be merged is judged again when it is to go elsewhere.
 */
export default rule({
  kinds: [PullRequest],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R76', 'R79'],
  watches: [BranchProtection],
  decide(request, cluster) {
    const { object, oldObject } = request
    const merge = object.spec['merge']
    const isSame = (field: string) => jsonEqual(object.spec[field], oldObject?.spec[field])
    if (!isMap(merge) || (isSame('merge') && isSame('target'))) return allow
    const status = mapOf(oldObject?.status)
    return [
      ...headFindings(merge, status),
      ...protectionsOfTarget(request, cluster).flatMap(protection => faults(protection, status)),
    ]
  },
})

function headFindings({ commit }: Untyped, status: Untyped): readonly Finding[] {
  const head = mapOf(status['head'])['commit']
  if (commit === undefined || commit === head) return allow
  return deny({
    rule: 'R79',
    field: 'spec.merge.commit',
    value: commit,
    problem:
      head === undefined
        ? 'is not known to be the head yet'
        : `is not the head any more, which is "${textOf(head)}"`,
    fix: 'look at it as it is now, and write its head or leave the commit out',
  })
}

const protectionsOfTarget = ({ object, namespace }: Request, cluster: Cluster) =>
  protectionsOf(
    textOf(mapOf(object.spec['target'])['ref']),
    textOf(object.spec['repository']),
    namespace,
    cluster,
  )

const faults = (protection: BranchProtection, status: Untyped): readonly Finding[] =>
  lacksOf(protection, status).flatMap(({ value, problem, fix }) =>
    deny({
      rule: 'R76',
      field: 'spec.merge',
      value,
      problem: `${problem}, says BranchProtection "${protection.metadata.name}"`,
      fix,
    }),
  )
