import { PolicyException } from '#src/api/kyverno/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { met, readyWhen, unmet } from '#src/lib/conditions.ts'
import { controller, type ConditionInput, type Failure, type Plan } from '#src/lib/controller.ts'
import { removalOf } from '#src/lib/projection.ts'
import { referencesResolved } from '#src/lib/reference-conditions.ts'
import { isOver } from '#src/policy/exception.ts'
import {
  exceptionNameOf,
  FINALIZER_POLICY_EXCEPTION,
  policyKindOf,
  policyNameOf,
} from '#src/policy/names.ts'
import { kindOf } from './binding-plan.ts'
import { exceptionPlan, type ExceptionPlan } from './exception-plan.ts'
import { exceptionWatches } from './exception-watches.ts'
import { exceptionsFrom, isAnnotatedFor } from './exceptions-annotation.ts'
import { isDefined } from './kyverno-state.ts'

/**
 * Makes a PolicyException of every approved PolicyExceptionRequest, for as long as it says and
 * as long as what was approved still stands (R201, R202). Kyverno looks at exceptions in
 * kradle-system alone, where nobody but this controller may write them.
 */
export default controller(PolicyExceptionRequest, {
  name: 'policyexceptionrequest',
  finalizer: FINALIZER_POLICY_EXCEPTION,
  watches: exceptionWatches,
  writes: [
    {
      kind: PolicyException,
      verbs: ['create', 'patch', 'delete'],
      namespace: PLATFORM_NAMESPACE,
    },
  ],
  reconcile(request, cluster) {
    const live = liveOf(request, cluster)
    const away: Plan = live
      ? { delete: [removalOf(PolicyException, live)] }
      : { finalizer: 'release' }
    if (request.metadata.deletionTimestamp) return away
    const { decision, expiresAt } = request.spec
    if (isOver(request, cluster.now)) return { ...away, status: over(request, cluster) }
    const untilOver = { requeueAfter: secondsUntil(expiresAt, cluster.now) }
    if (decision !== 'Approved')
      return { ...away, ...untilOver, status: notApproved(request, cluster) }

    const decidedAt = decidedAtOf(request, cluster)
    const plan = exceptionPlan(request, String(decidedAt), cluster)
    const report = (applied: ConditionInput): NonNullable<Plan['status']> => ({
      phase: applied.status === 'True' ? 'Applied' : 'Approved',
      conditions: [
        ...readyWhen([decided(request), plan.admitted, applied], 'Applied', applied.message),
        referencesResolved(PolicyExceptionRequest, request, cluster),
      ],
      fields: {
        decidedAt,
        exception: plan.exception && {
          namespace: PLATFORM_NAMESPACE,
          name: plan.exception.metadata.name,
        },
      },
    })
    const status = report(appliedCondition(plan, live, cluster))
    if (!plan.exception) return { ...away, ...untilOver, status }
    if (!isDefined(PolicyException, cluster)) return { ...untilOver, status }
    return {
      finalizer: 'hold',
      apply: [plan.exception],
      ...untilOver,
      status,
      failed: failure => report(failedCondition(failure)),
    }
  },
})

const liveOf = ({ spec, metadata }: PolicyExceptionRequest, cluster: Cluster) =>
  cluster.get(
    PolicyException,
    exceptionNameOf(spec.organizationRef, metadata.name),
    PLATFORM_NAMESPACE,
  )

/** Exact: an exception that is over goes in this second. Kyverno and we read times down to the second. */
const secondsUntil = (time: string, now: Date): number =>
  Math.max(0, Math.floor(Date.parse(time) / 1000) - now.getTime() / 1000)

/** When the decision was seen; nobody writes the status but us. */
const decidedAtOf = (
  { spec, status }: PolicyExceptionRequest,
  { now }: Cluster,
): string | undefined =>
  spec.decision === undefined
    ? undefined
    : (status?.decidedAt ?? `${now.toISOString().slice(0, 19)}Z`)

function decided({ spec: { decision, decidedBy = 'somebody' } }: PolicyExceptionRequest) {
  if (decision === 'Approved') return met('Decided', 'Approved', `Approved by ${decidedBy}`)
  if (decision === 'Denied') return unmet('Decided', 'Denied', `Denied by ${decidedBy}`)
  return unmet(
    'Decided',
    'Requested',
    'Somebody else has to decide: somebody with verb approve who did not request it',
  )
}

const over = (request: PolicyExceptionRequest, cluster: Cluster): NonNullable<Plan['status']> => ({
  phase: request.spec.decision === 'Denied' ? 'Denied' : 'Expired',
  conditions: [
    unmet(
      'Ready',
      'Expired',
      `The time that it was asked for ended at ${request.spec.expiresAt}; create another request, or do what the policy wants`,
    ),
    decided(request),
  ],
  fields: { decidedAt: decidedAtOf(request, cluster), exception: undefined },
})

const notApproved = (
  request: PolicyExceptionRequest,
  cluster: Cluster,
): NonNullable<Plan['status']> => ({
  phase: request.spec.decision === 'Denied' ? 'Denied' : 'Requested',
  conditions: [
    ...readyWhen([decided(request)], 'Applied', ''),
    referencesResolved(PolicyExceptionRequest, request, cluster),
  ],
  fields: { decidedAt: decidedAtOf(request, cluster), exception: undefined },
})

/** Whether Kyverno has had to look at it: whether the policy was changed for its sake. */
function appliedCondition(
  { exception, binding, template }: ExceptionPlan,
  live: KubernetesObject | undefined,
  cluster: Cluster,
): ConditionInput {
  const type = 'ExceptionApplied'
  if (!exception || !binding || !template)
    return unmet(type, 'NotAdmitted', 'There is no exception to apply')
  if (!isDefined(PolicyException, cluster))
    return unmet(
      type,
      'KyvernoMissing',
      'Kyverno is not installed: there is no definition of policyexceptions.policies.kyverno.io; install Kyverno 1.19, and it goes on by itself',
    )
  if (!live) return unmet(type, 'Applying', 'The exception is being created')
  const { organizationRef: org } = binding.spec
  const name = policyNameOf(org, binding.metadata.name)
  const kind = kindOf(policyKindOf(template.spec.kyverno.type))!
  const policy = cluster.get(kind, name, binding.metadata.namespace)
  if (!policy)
    return unmet(
      type,
      'PolicyNotInForce',
      `PolicyBinding "${binding.metadata.name}" has no policy in force that anything could be exempt from`,
    )
  if (!isAnnotatedFor(policy, exceptionsFrom(name, cluster)))
    return unmet(type, 'Applying', 'The policy is not changed yet for the sake of the exception')
  return met(type, 'Applied', `PolicyException "${live.metadata.name}" holds`)
}

/** What the API server, or Kyverno by its webhook, has against the exception. */
const failedCondition = ({ code, message }: Failure): ConditionInput =>
  code >= 500 || code === 429 || code === 404
    ? unmet(
        'ExceptionApplied',
        'NotTaken',
        'The API server cannot take the exception now, as when Kyverno does not answer; it is tried again',
      )
    : unmet('ExceptionApplied', 'Refused', `The exception is refused: ${message}`.slice(0, 4096))
