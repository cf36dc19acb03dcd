import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import { PolicyBinding, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { PolicyReport } from '#src/api/policy-reports.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { listed, met, quoted, readyWhen, unmet } from '#src/lib/conditions.ts'
import { controller, watch, type ConditionInput, type Plan } from '#src/lib/controller.ts'
import { referencesResolved, referenceWatches } from '#src/lib/reference-conditions.ts'
import { profileOf } from '#src/policy/profile.ts'
import { defaultBindings } from './default-bindings.ts'
import { refTo } from './kyverno-heartbeat.ts'
import { isDefined, kyvernoCondition, kyvernoState, kyvernoWatches } from './kyverno-state.ts'

/**
 * Says of every PolicyProfile whether what it asks for is in force, and binds its default
 * templates for an organisation that has not (R199). Such bindings go with the profile.
 */
export default (reports: Kind<PolicyReport>) =>
  controller(PolicyProfile, {
    name: 'policyprofile',
    watches: [
      ...referenceWatches(PolicyProfile).filter(({ kind }) => kind.kind !== PolicyTemplate.kind),
      watch(PolicyTemplate, {
        toOwners: ({ metadata }, cluster) =>
          cluster
            .list(PolicyProfile)
            .filter(({ spec }) => spec.defaultTemplates?.includes(metadata.name))
            .map(refTo),
      }),
      watch(PolicyBinding, {
        toOwners: ({ metadata }, cluster) =>
          cluster.list(PolicyProfile, metadata.namespace).map(refTo),
      }),
      ...kyvernoWatches(PolicyProfile, [NamespacedValidatingPolicy, PolicyException, reports]),
    ],
    writes: [{ kind: PolicyBinding, verbs: ['create', 'patch'] }],
    reconcile(profile, cluster) {
      if (profile.metadata.deletionTimestamp) return {}
      const { bindings, problems } = defaultBindings(profile, cluster)
      const { problem, lookAgain } = kyvernoState([NamespacedValidatingPolicy], cluster)
      const detected = problem
        ? kyvernoCondition('KyvernoDetected', problem)
        : met('KyvernoDetected', 'Detected', 'Kyverno is installed and at work')
      const report = (synced: ConditionInput): NonNullable<Plan['status']> => ({
        phase: detected.status === 'True' && synced.status === 'True' ? 'Ready' : 'Degraded',
        conditions: [
          ...readyWhen([detected, synced], 'Ready', 'What the profile asks for is in force'),
          reportsReadable(reports, cluster),
          exceptionsAllowed(profile, cluster),
          referencesResolved(PolicyProfile, profile, cluster),
        ],
      })
      return {
        apply: bindings,
        status: report(policiesSynced(profile, problems, cluster)),
        failed: ({ object: { metadata }, message }) =>
          report(
            unmet(
              'PoliciesSynced',
              'NotBound',
              `PolicyBinding "${metadata.name}" cannot be created: ${message}`.slice(0, 4096),
            ),
          ),
        ...(lookAgain !== undefined && { requeueAfter: lookAgain }),
      }
    },
  })

/** Whether every binding of the profile is applied, and every default template bound. */
function policiesSynced(
  profile: PolicyProfile,
  problems: readonly string[],
  cluster: Cluster,
): ConditionInput {
  if (problems.length > 0) return unmet('PoliciesSynced', 'NotBound', listed(problems))
  const { name, namespace } = profile.metadata
  const bindings = cluster
    .list(PolicyBinding, namespace)
    .filter(each => profileOf(each, cluster).profile?.metadata.name === name)
    .filter(({ spec }) => !spec.suspend)
  const behind = bindings.filter(({ status }) => status?.phase !== 'Applied')
  return behind.length > 0
    ? unmet(
        'PoliciesSynced',
        'NotApplied',
        `Not in force: PolicyBinding ${quoted(behind.map(({ metadata }) => metadata.name))}; see their conditions`,
      )
    : met('PoliciesSynced', 'Synced', 'Every PolicyBinding of the profile is in force')
}

const reportsReadable = (reports: Kind, cluster: Cluster): ConditionInput =>
  isDefined(reports, cluster)
    ? met('ReportsReadable', 'Readable', 'What policies find is reported')
    : unmet(
        'ReportsReadable',
        'ReportsMissing',
        `There is no definition of ${resourceOf(reports)}; what policies find is not stored`,
      )

function exceptionsAllowed({ spec }: PolicyProfile, cluster: Cluster): ConditionInput {
  const type = 'ExceptionsAllowed'
  if (!spec.exceptions.allowed)
    return unmet(type, 'NotAllowed', 'spec.exceptions.allowed: the profile allows no exceptions')
  if (!isDefined(PolicyException, cluster))
    return unmet(
      type,
      'KyvernoMissing',
      'There is no definition of policyexceptions.policies.kyverno.io',
    )
  return met(
    type,
    'Allowed',
    `Exceptions hold ${spec.exceptions.maxDurationDays} days at most, once somebody else has approved them`,
  )
}
