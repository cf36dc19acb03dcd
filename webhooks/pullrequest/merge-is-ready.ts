import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { matchesRef } from '#src/permissions/ref-pattern.ts'
import { isMap, listOf, mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Finding, type Request } from '#webhooks/rule.ts'

/** How a check ends that holds nothing up. */
const passing: readonly unknown[] = ['success', 'neutral', 'skipped']

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
      ...protectionsOf(request, cluster).flatMap(protection => faults(protection, status)),
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

const protectionsOf = (
  { object, namespace }: Request,
  cluster: Cluster,
): readonly BranchProtection[] => {
  const target = full(textOf(mapOf(object.spec['target'])['ref']))
  return cluster
    .list(BranchProtection, namespace)
    .filter(
      ({ spec }) => spec.repository === undefined || spec.repository === object.spec['repository'],
    )
    .filter(({ spec }) => spec.refs.some(pattern => matchesRef(full(pattern), target)))
}

/** A name without refs/ is a branch. */
const full = (ref: string): string => (ref.startsWith('refs/') ? ref : `refs/heads/${ref}`)

function faults({ metadata, spec }: BranchProtection, status: Untyped): readonly Finding[] {
  const problem = (value: unknown, what: string, fix: string) =>
    deny({
      rule: 'R76',
      field: 'spec.merge',
      value,
      problem: `${what}, says BranchProtection "${metadata.name}"`,
      fix,
    })
  const approvals = Number(status['approvals'] ?? 0)
  const changeRequests = Number(status['changeRequests'] ?? 0)
  return [
    ...(approvals < spec.requiredReviews
      ? problem(
          approvals,
          `of ${spec.requiredReviews} approvals are there`,
          'wait for reviews of its head',
        )
      : []),
    ...(spec.requiredReviews > 0 && changeRequests > 0
      ? problem(changeRequests, 'people want changes', 'make them, or have the reviews dismissed')
      : []),
    ...(spec.statusChecks ?? [])
      .filter(name => !hasPassed(name, status))
      .flatMap(name =>
        problem(name, 'has not passed on its head', 'wait for the check, or mend what it found'),
      ),
  ]
}

const hasPassed = (name: string, status: Untyped): boolean =>
  listOf(status['checks'])
    .filter(isMap)
    .some(
      check =>
        check['name'] === name &&
        check['state'] === 'completed' &&
        passing.includes(check['conclusion']) &&
        check['commit'] === mapOf(status['head'])['commit'],
    )
