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
  refTo,
} from '#src/controllers/policy/kyverno-state.ts'
import { binding, clusterAt, definition, health, ownersBy } from '#test/fixtures-kyverno.ts'

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
  t.strictSame(kyvernoState(kinds, clusterAt(40, ...there, health(4))), { lookAgain: 1 })
  const silent = kyvernoState(kinds, clusterAt(41, ...there, health(4)))
  t.equal(silent.problem?.reason, 'KyvernoNotRunning')
  t.match(silent.problem?.message, '2026-11-21T11:59:56.000Z')
  t.strictSame(kyvernoState(kinds, clusterAt(99, ...there, health(4))), silent, 'the same words')
})

t.test('nobody who can write in the namespace of an organisation vouches for it', async t => {
  const forged = health(0, 'kradle-org-acme')
  t.match(kyvernoState(kinds, clusterAt(0, ...there, forged)).problem?.message, 'nobody renews')
  const { metadata, ...lease } = health()
  const bare = { ...lease, metadata: { name: metadata.name } }
  t.match(kyvernoState(kinds, clusterAt(0, ...there, bare)).problem?.message, 'nobody renews')
  const odd = health(0, 'kyverno', 'yesterday')
  t.match(kyvernoState(kinds, clusterAt(0, ...there, odd)).problem?.message, 'nobody renews')
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
  const controller = { watches: kyvernoWatches(PolicyBinding, kinds) }
  const conditions = [{ reason: 'KyvernoNotRunning' }]
  const missing = binding({}, { name: 'missing' }, { conditions })
  const all = [
    binding(),
    missing,
    { ...binding({}, { name: 'fresh' }), status: undefined } as never,
  ]
  t.strictSame(ownersBy(controller, CustomResourceDefinition, there[0]!, ...all), [
    'kradle-org-acme/fresh',
    'kradle-org-acme/missing',
    'kradle-org-acme/names',
  ])
  t.strictSame(ownersBy(controller, Lease, health(), ...all), ['kradle-org-acme/missing'])
  t.strictSame(ownersBy(controller, Lease, health(0, 'kradle-org-acme'), ...all), [])
})

t.test('what has no namespace is named without', async t => {
  t.strictSame(refTo(there[0]!), { name: there[0]!.metadata.name })
})
