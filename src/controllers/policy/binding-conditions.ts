import { type KyvernoPolicy } from '#src/api/kyverno/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { listed, met, unmet } from '#src/lib/conditions.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import type { BindingPlan } from './binding-plan.ts'
import { kyvernoCondition, type KyvernoState } from './kyverno-state.ts'

/** What is known of the policy of a binding. */
export interface PolicyFacts {
  readonly plan: BindingPlan
  readonly kyverno: KyvernoState
  /** As it stands. */
  readonly live: KubernetesObject | undefined
}

/** What is known of the reports that speak of it. */
export interface ReportFacts {
  /** What they are written as. */
  readonly kind: Kind
  readonly areDefined: boolean
  /** Whether anybody writes them. */
  readonly reporter: KyvernoState
  readonly isReported: boolean
}

/** Of reading, not of enforcing: says whether Kyverno may read what it is to report on. */
const READS = 'RBACPermissionsGranted'

/** Kyverno never says anything of these. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['NamespacedDeletingPolicy'])

/** Whether the policy is in force, as Kyverno sees it. */
export function appliedCondition({ plan, kyverno, live }: PolicyFacts): ConditionInput {
  const type = 'PolicyApplied'
  if (kyverno.problem) return kyvernoCondition(type, kyverno.problem)
  if (plan.absent) return unmet(type, plan.absent.reason, plan.absent.message)
  if (!plan.policy)
    return live
      ? unmet(
          type,
          'OutOfDate',
          `${live.kind} "${live.metadata.name}" stays in force as it was made last; mend what the other conditions say`,
        )
      : unmet(type, 'NotRendered', 'There is no policy to apply')
  if (!live) return unmet(type, 'Applying', 'The policy is being created')
  const { ready, conditions = [] } = (live as KyvernoPolicy).status?.conditionStatus ?? {}
  if (ready === undefined && !SAYS_NOTHING.has(live.kind))
    return unmet(type, 'WaitingForKyverno', 'Kyverno has not looked at the policy yet')
  const wrong = conditions.filter(each => each.status !== 'True' && each.type !== READS)
  if (wrong.length > 0)
    return unmet(
      type,
      'NotReady',
      `Kyverno says: ${listed(wrong.map(each => `${each.type}: ${each.message ?? each.reason ?? ''}`))}`,
    )
  const { mode = 'audit', reason } = plan.rollout ?? {}
  return met(type, 'Applied', `In force, mode ${mode}${reason === undefined ? '' : `: ${reason}`}`)
}

/** Whether what Kyverno found can be counted; no reason not to be Ready, since it judges all the same. */
export function reportsCondition(
  { plan, kyverno, live }: PolicyFacts,
  { kind, areDefined, reporter, isReported }: ReportFacts,
): ConditionInput {
  const type = 'ReportsObserved'
  if (kyverno.problem) return kyvernoCondition(type, kyverno.problem)
  if (!areDefined)
    return unmet(
      type,
      'ReportsMissing',
      `There is no definition of ${resourceOf(kind)}; what Kyverno finds is not stored`,
    )
  if (reporter.problem) return kyvernoCondition(type, reporter.problem)
  const { conditions = [] } = (live as KyvernoPolicy | undefined)?.status?.conditionStatus ?? {}
  const forbidden = conditions.find(each => each.status !== 'True' && each.type === READS)
  if (forbidden)
    return unmet(
      type,
      'ReportsForbidden',
      `Kyverno may not read what it should report on: ${forbidden.message ?? ''}`,
    )
  if (isReported) return met(type, 'Observed', 'Its results are counted in status.results')
  return unmet(
    type,
    'NoResultsYet',
    plan.policy ? 'No report speaks of the policy yet' : 'There is no policy to report on',
  )
}

/** Of a policy that is there and not as it should be. */
const AT_ODDS: ReadonlySet<string> = new Set(['NotReady', 'NotTaken', 'Refused'])

/** Pending until something can be made of it; Degraded where what is in force is not as it should be. */
export function bindingPhase(
  { plan, live, kyverno }: PolicyFacts,
  applied: ConditionInput,
): string {
  if (applied.status === 'True') return 'Applied'
  if (plan.rendered.status === 'False') return live ? 'Degraded' : 'Pending'
  if (plan.absent) return 'Rendered'
  return live && (kyverno.problem || AT_ODDS.has(applied.reason)) ? 'Degraded' : 'Rendered'
}
