import t from 'tap'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import {
  isDefined,
  kyvernoCondition,
  kyvernoState,
  kyvernoWatches,
  reporterState,
  reporterWatch,
} from '#src/controllers/policy/kyverno-state.ts'
import {
  binding,
  clusterAt,
  definition,
  health,
  ownersBy,
  reporter,
} from '#test/fixtures-kyverno.ts'

const kinds = [NamespacedValidatingPolicy, PolicyException]
const there = kinds.map(kind => definition(kind))

t.test('a kind is there with its definition, until that is being deleted', async t => {
  t.ok(isDefined(PolicyException, clusterAt(0, ...there)))
  t.notOk(isDefined(PolicyException, clusterAt(0)))
  const going = definition(PolicyException, { deletionTimestamp: 'now' })
  t.notOk(isDefined(PolicyException, clusterAt(0, going)))
})

t.test('without one of its definitions Kyverno is missing', async t => {
  const { problem, lookAgain } = kyvernoState(kinds, clusterAt(0, there[0]!, health()))
  t.equal(problem?.reason, 'KyvernoMissing')
  t.match(problem?.message, 'policyexceptions.policies.kyverno.io')
  t.equal(lookAgain, undefined)
})

t.test('Kyverno is at work as long as it is heard of', async t => {
  t.strictSame(kyvernoState(kinds, clusterAt(0, ...there, health(4))), { lookAgain: 41 })
  const { problem } = kyvernoState(kinds, clusterAt(41, ...there, health(4)))
  t.equal(problem?.reason, 'KyvernoNotRunning')
  t.match(problem?.message, /^Kyverno does not run: its admission controller was last heard of/)
})

t.test('it reports as long as its reports controller is heard of', async t => {
  t.strictSame(reporterState(clusterAt(0, reporter(5))), { lookAgain: 40 })
  const { problem } = reporterState(clusterAt(0, health()))
  t.equal(problem?.reason, 'KyvernoNotReporting')
  t.match(problem?.message, /^What is reported is from before: nobody renews Lease/)
})

t.test('the problem is a condition', async t => {
  t.strictSame(kyvernoCondition('PolicyApplied', { reason: 'KyvernoMissing', message: 'Away' }), {
    type: 'PolicyApplied',
    status: 'False',
    reason: 'KyvernoMissing',
    message: 'Away',
  })
})

t.test('definitions bring up everything, and signs of life those who miss it', async t => {
  const controller = {
    watches: [...kyvernoWatches(PolicyBinding, kinds), reporterWatch(PolicyBinding)],
  }
  const silent = (name: string, reason: string) =>
    binding({}, { name }, { conditions: [{ reason }] })
  const all = [
    binding(),
    silent('stopped', 'KyvernoNotRunning'),
    silent('unreported', 'KyvernoNotReporting'),
  ]
  t.strictSame(ownersBy(controller, CustomResourceDefinition, there[0]!, ...all), [
    'kradle-org-acme/names',
    'kradle-org-acme/stopped',
    'kradle-org-acme/unreported',
  ])
  t.strictSame(ownersBy(controller, Lease, health(), ...all), ['kradle-org-acme/stopped'])
  t.strictSame(ownersBy(controller, Lease, reporter(), ...all), ['kradle-org-acme/unreported'])
})
