import t from 'tap'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import { PolicyBinding, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { exceptionWatches } from '#src/controllers/policy/exception-watches.ts'
import {
  binding,
  definition,
  exception,
  ownersBy,
  policy,
  profile,
  request,
  template,
} from '#test/fixtures-kyverno.ts'

const controller = { watches: exceptionWatches }
const short = 'kradle-org-acme/short'
const all = [
  request(),
  request({ decision: undefined }, { name: 'asked' }),
  request({ policyRef: 'other' }, { name: 'elsewhere' }),
  request({}, { name: 'theirs', namespace: 'kradle-org-umbrella' }),
]

t.test('a request is looked at for what it names', async t => {
  t.strictSame(ownersBy(controller, PolicyBinding, binding(), ...all), [
    'kradle-org-acme/asked',
    short,
  ])
})

t.test('and when it is approved, for what decides on exceptions', async t => {
  const mine = ['kradle-org-acme/elsewhere', short]
  t.strictSame(ownersBy(controller, PolicyProfile, profile(), ...all), mine)
  t.strictSame(ownersBy(controller, PolicyTemplate, template(), ...all), mine)
  const shipped = template({}, { namespace: 'kradle-system' })
  t.strictSame(ownersBy(controller, PolicyTemplate, shipped, ...all), [
    ...mine,
    'kradle-org-umbrella/theirs',
  ])
})

t.test('an exception brings up its request, and the others of the same policy', async t => {
  const another = exception(request({}, { name: 'another' }))
  t.strictSame(ownersBy(controller, PolicyException, another, ...all), [
    'kradle-org-acme/another',
    short,
  ])
  const foreign = { ...another, metadata: { name: 'foreign', namespace: 'kradle-system' } }
  t.strictSame(ownersBy(controller, PolicyException, foreign, ...all), [])
})

t.test('a policy brings up those who are exempt from it', async t => {
  t.strictSame(ownersBy(controller, NamespacedValidatingPolicy, policy(), ...all), [short])
  const { labels: _, ...metadata } = policy().metadata
  const foreign = { ...policy(), metadata }
  t.strictSame(ownersBy(controller, NamespacedValidatingPolicy, foreign, ...all), [])
})

t.test('all of them wait for the definition of exceptions, and for nobody to be alive', async t => {
  const defined = definition(PolicyException)
  t.equal(ownersBy(controller, CustomResourceDefinition, defined, ...all).length, 4)
  t.notOk(exceptionWatches.some(({ kind }) => kind === Lease))
})
