import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyReport, Report } from '#src/api/policy-reports.ts'
import {
  appliedCondition,
  bindingPhase,
  reportsCondition,
  type PolicyFacts,
  type ReportFacts,
} from '#src/controllers/policy/binding-conditions.ts'
import { bindingPlan } from '#src/controllers/policy/binding-plan.ts'
import type { KyvernoState } from '#src/controllers/policy/kyverno-state.ts'
import {
  binding,
  clusterAt,
  kyvernoCondition,
  policy,
  profile,
  template,
} from '#test/fixtures-kyverno.ts'

const missing: KyvernoState = { problem: { reason: 'KyvernoMissing', message: 'Away' } }
const plan = (of = binding(), ...objects: KubernetesObject[]) =>
  bindingPlan(of, clusterAt(0, of, ...objects))
const whole = plan(binding(), template())
const broken = plan()
const suspended = plan(binding({ suspend: true }), template())

const facts = (
  live: KubernetesObject | undefined = policy(),
  { of = whole, kyverno = {} }: { of?: typeof whole; kyverno?: KyvernoState } = {},
) => ({ plan: of, kyverno, live })
const absentFacts = (more = {}) => ({ ...facts(undefined, more), live: undefined })
const saying = (...conditions: object[]) => policy(binding(), conditions)

const reports = (more: Partial<ReportFacts> = {}): ReportFacts => ({
  kind: PolicyReport,
  areDefined: true,
  reporter: {},
  isReported: true,
  ...more,
})

t.test('a policy is applied when Kyverno has nothing against it', async t => {
  const cases = {
    Applied: facts(),
    KyvernoMissing: facts(policy(), { kyverno: missing }),
    Suspended: facts(policy(), { of: suspended }),
    OutOfDate: facts(policy(), { of: broken }),
    NotRendered: absentFacts({ of: broken }),
    Applying: absentFacts(),
    NotReady: facts(saying(kyvernoCondition('WebhookConfigured', 'False', 'no such overload'))),
  }
  for (const [reason, found] of Object.entries(cases)) {
    const condition = appliedCondition(found)
    t.match(condition, { type: 'PolicyApplied', reason }, reason)
    t.equal(condition.status, reason === 'Applied' ? 'True' : 'False', reason)
  }
  t.match(appliedCondition(cases.NotReady).message, 'WebhookConfigured: no such overload')
  const quiet = facts(
    saying({ type: 'A', status: 'Unknown', reason: 'Why' }, { type: 'B', status: 'False' }),
  )
  t.match(appliedCondition(quiet).message, 'Kyverno says: A: Why, B: ')
})

t.test('until Kyverno says something it is waited for, but of Deleting policies', async t => {
  const silent = policy()
  delete silent.status
  t.match(appliedCondition(facts(silent)), { status: 'False', reason: 'WaitingForKyverno' })
  t.match(appliedCondition(facts({ ...silent, kind: 'NamespacedDeletingPolicy' })), {
    status: 'True',
  })
})

t.test('a mode that is not the one asked for is explained', async t => {
  t.equal(appliedCondition(facts()).message, 'In force, mode enforce')
  const capped = plan(binding(), template(), profile({ mode: 'audit' }))
  t.match(appliedCondition(facts(policy(), { of: capped })).message, /mode audit: PolicyProfile/)
  const unknown = { ...whole, rollout: undefined }
  t.equal(appliedCondition(facts(policy(), { of: unknown })).message, 'In force, mode audit')
})

t.test('that Kyverno may not read is no reason not to be applied', async t => {
  const found = facts(
    saying(
      kyvernoCondition('WebhookConfigured'),
      kyvernoCondition('RBACPermissionsGranted', 'False', 'teams is forbidden'),
    ),
  )
  t.equal(appliedCondition(found).status, 'True')
  t.match(reportsCondition(found, reports()), {
    reason: 'ReportsForbidden',
    message: 'teams is forbidden',
  })
  const quiet = facts(saying({ type: 'RBACPermissionsGranted', status: 'Unknown' }))
  t.equal(reportsCondition(quiet, reports()).reason, 'ReportsForbidden')
})

t.test('reports are observed once one speaks of the policy', async t => {
  t.match(reportsCondition(facts(), reports()), { status: 'True', reason: 'Observed' })
  t.match(reportsCondition(facts(), reports({ isReported: false })), {
    status: 'False',
    reason: 'NoResultsYet',
    message: 'No report',
  })
  t.match(
    reportsCondition(absentFacts({ of: broken }), reports({ isReported: false })).message,
    'no policy',
  )
  t.match(reportsCondition(facts(), reports({ kind: Report, areDefined: false })), {
    reason: 'ReportsMissing',
    message: /^There is no definition of reports\.openreports\.io;/,
  })
  const silent = { problem: { reason: 'KyvernoNotReporting', message: 'Silent' } } as const
  t.match(reportsCondition(facts(), reports({ reporter: silent })), {
    status: 'False',
    reason: 'KyvernoNotReporting',
    message: 'Silent',
  })
  const away = facts(policy(), { kyverno: missing })
  t.match(reportsCondition(away, reports()).reason, 'KyvernoMissing')
})

t.test('the phase tells what people have to know first', async t => {
  const phase = (found: PolicyFacts) => bindingPhase(found, appliedCondition(found))
  t.equal(phase(facts()), 'Applied')
  t.equal(phase(absentFacts({ of: broken })), 'Pending')
  t.equal(phase(facts(policy(), { of: broken })), 'Degraded')
  t.equal(phase(facts(policy(), { of: suspended })), 'Rendered')
  t.equal(phase(absentFacts()), 'Rendered')
  t.equal(phase(absentFacts({ kyverno: missing })), 'Rendered')
  t.equal(phase(facts(policy(), { kyverno: missing })), 'Degraded')
  t.equal(phase(facts(saying(kyvernoCondition('WebhookConfigured', 'False')))), 'Degraded')
  const silent = policy()
  delete silent.status
  t.equal(phase(facts(silent)), 'Rendered')
})
