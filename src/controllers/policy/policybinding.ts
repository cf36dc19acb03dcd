import type { Kind } from '#src/api/kind.ts'
import { namespacedPolicies, PolicyException } from '#src/api/kyverno/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import type { PolicyReport } from '#src/api/policy-reports.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { readyWhen, unmet } from '#src/lib/conditions.ts'
import { controller, type Failure, type Plan, type Removal } from '#src/lib/controller.ts'
import { removalOf } from '#src/lib/projection.ts'
import { referencesResolved } from '#src/lib/reference-conditions.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { LABEL_EXCEPTION_REQUEST, policyNameOf } from '#src/policy/names.ts'
import { appliedCondition, bindingPhase, reportsCondition } from './binding-conditions.ts'
import { asItStands, bindingPlan, type BindingPlan } from './binding-plan.ts'
import { bindingWatches, homeOf } from './binding-watches.ts'
import { annotated, exceptionsFrom } from './exceptions-annotation.ts'
import { isDefined, kyvernoState, reporterState } from './kyverno-state.ts'
import { replacementOf } from './policy-drift.ts'
import { countsOf, resultsOf } from './report-counts.ts'

/**
 * Makes one policy of Kyverno's of every PolicyBinding, in the mode that its profile allows by
 * now, keeps it as it is, and counts what Kyverno reports of it in objects of kind `reports` (R200, R203, R204).
 *
 * It alone writes that policy, with the digest of its exceptions; they are made by the
 * controller of PolicyExceptionRequests, and only what nobody requested is taken away here.
 */
export default (reports: Kind<PolicyReport>) =>
  controller(PolicyBinding, {
    name: 'policybinding',
    watches: bindingWatches(reports),
    writes: [
      ...namespacedPolicies.map(kind => ({
        kind,
        verbs: ['create', 'patch', 'update', 'delete'] as const,
      })),
      { kind: PolicyException, verbs: ['delete'], namespace: PLATFORM_NAMESPACE },
    ],
    reconcile(binding, cluster) {
      const policies = policiesOf(binding, cluster)
      // Left to the garbage collector they would stay in force where the deletion orphans them.
      if (binding.metadata.deletionTimestamp) return { delete: policies.map(removal) }

      const plan = bindingPlan(binding, cluster)
      const kinds = plan.kind ? [plan.kind, PolicyException] : [PolicyException]
      const kyverno = kyvernoState(kinds, cluster)
      const live = policies.find(({ kind }) => !plan.policy || kind === plan.policy.kind)
      const made = wanted(binding, plan, live, cluster)
      const canBe = kyverno.problem?.reason !== 'KyvernoMissing'
      // Of another type, once there is what takes its place.
      const replaced = plan.policy ? policies.filter(each => each !== live) : []
      const unwanted = plan.absent ? policies : replaced
      const { results, lookAgain } = countedOf(binding, reports, cluster)
      const reporter = reporterState(cluster)
      const facts = { plan, kyverno, live }
      const report = (applied = appliedCondition(facts)): NonNullable<Plan['status']> => ({
        phase: bindingPhase(facts, applied),
        conditions: [
          ...readyWhen([plan.resolved, plan.rendered, applied], 'Applied', applied.message),
          reportsCondition(facts, {
            kind: reports,
            areDefined: isDefined(reports, cluster),
            reporter,
            isReported: results !== undefined,
          }),
          referencesResolved(PolicyBinding, binding, cluster),
        ],
        fields: {
          generatedPolicy: live && !plan.absent ? generated(live) : undefined,
          rollout: rolloutFields(binding, plan, cluster.now),
          results,
        },
      })
      return {
        delete: [...unwanted.map(removal), ...orphans(binding, cluster)],
        ...(made.policy && canBe && writeOf(made.policy, live)),
        status: report(),
        // While Kyverno does not run, its webhooks refuse policies too; that is not the reason.
        failed: failure =>
          report(kyverno.problem ? appliedCondition(facts) : failedCondition(failure)),
        ...soonest([
          kyverno.lookAgain,
          reporter.lookAgain,
          lookAgain,
          made.lookAgain,
          secondsUntil(plan.rollout?.enforceAfter, cluster.now),
        ]),
      }
    },
  })

/** Whatever was made of the binding, also of a template of another type that was there before. */
const policiesOf = (binding: PolicyBinding, cluster: Cluster): readonly KubernetesObject[] =>
  namespacedPolicies
    .flatMap(kind => cluster.list(kind, binding.metadata.namespace))
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === binding.metadata.uid),
    )

const removal = (policy: KubernetesObject): Removal =>
  removalOf(
    namespacedPolicies.find(({ kind }) => kind === policy.kind)!,
    policy,
  )

/** The policy as it should be, exceptions and all. */
function wanted(
  { spec, metadata }: PolicyBinding,
  { policy, absent }: BindingPlan,
  live: KubernetesObject | undefined,
  cluster: Cluster,
): Partial<ReturnType<typeof annotated>> {
  const basis = policy ?? (live && asItStands(live))
  if (absent || !basis) return {}
  const name = policyNameOf(spec.organizationRef, metadata.name)
  return annotated(basis, live, exceptionsFrom(name, cluster), cluster.now)
}

/** Where somebody added to it, what is there makes way first; the change that this is brings us back. */
function writeOf(policy: KyvernoPolicy, live: KubernetesObject | undefined): Plan {
  const replacement = replacementOf(policy, live)
  return replacement ? { replace: [replacement] } : { apply: [policy] }
}

/** How long a watch of requests may be behind the one of exceptions, in milliseconds. */
const BEHIND_MS = 60_000

/** Exceptions of ours that nobody requests: whoever takes the finalizer off a request must not be exempt for good (R202). */
function orphans({ spec, metadata }: PolicyBinding, cluster: Cluster): readonly Removal[] {
  const name = policyNameOf(spec.organizationRef, metadata.name)
  return exceptionsFrom(name, cluster)
    .filter(exception => {
      const request = exception.metadata.labels?.[LABEL_EXCEPTION_REQUEST]
      const age = cluster.now.getTime() - Date.parse(exception.metadata.creationTimestamp ?? '')
      return (
        request !== undefined &&
        age > BEHIND_MS &&
        !cluster.get(PolicyExceptionRequest, request, homeOf(exception.metadata))
      )
    })
    .map(exception => removalOf(PolicyException, exception))
}

function countedOf(
  { spec, metadata, status }: PolicyBinding,
  reports: Kind<PolicyReport>,
  cluster: Cluster,
) {
  const name = policyNameOf(spec.organizationRef, metadata.name)
  const counts = countsOf(reports, metadata.namespace ?? '', name, cluster)
  return resultsOf(counts, status?.results, cluster.now)
}

const generated = ({ kind, metadata: { name, namespace } }: KubernetesObject) => ({
  kind,
  namespace,
  name,
})

/** The mode in force and since when; what it was where nobody can tell. */
function rolloutFields({ status }: PolicyBinding, { rollout }: BindingPlan, now: Date) {
  if (!rollout) return status?.rollout
  const { mode, enforceAfter } = rollout
  const before = status?.rollout
  const since = before?.mode === mode ? before.since : undefined
  return {
    mode,
    since: since ?? `${now.toISOString().slice(0, 19)}Z`,
    ...(enforceAfter !== undefined && { enforceAfter }),
  }
}

/** What the API server, or Kyverno by its webhook, has against the policy. */
function failedCondition({ code, message }: Failure) {
  if (code === 404)
    return unmet('PolicyApplied', 'KyvernoMissing', 'The API server does not serve the kind')
  // Such messages change from one try to the next.
  if (code >= 500 || code === 429)
    return unmet(
      'PolicyApplied',
      'NotTaken',
      'The API server cannot take the policy now, as when Kyverno does not answer; it is tried again',
    )
  return unmet('PolicyApplied', 'Refused', `The policy is refused: ${message}`.slice(0, 4096))
}

const secondsUntil = (time: string | undefined, now: Date): number | undefined =>
  time === undefined ? undefined : Math.max(0, (Date.parse(time) - now.getTime()) / 1000)

/** The earliest time to look again, if any. */
export function soonest(times: readonly (number | undefined)[]): Pick<Plan, 'requeueAfter'> {
  const known = times.filter(time => time !== undefined)
  return known.length > 0 ? { requeueAfter: Math.min(...known) } : {}
}
