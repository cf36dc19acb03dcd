import t from 'tap'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import { PolicyExceptionRequest, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import { bindingWatches, homeOf } from '#src/controllers/policy/binding-watches.ts'
import {
  binding,
  definition,
  exception,
  ownersBy,
  policy,
  profile,
  report,
  request,
  result,
  template,
} from '#test/fixtures-kyverno.ts'

const controller = { watches: bindingWatches(PolicyReport) }
const names = 'kradle-org-acme/names'
const other = binding({ templateRef: 'other' }, { name: 'other' })
const all = [binding(), other]

t.test('a binding is looked at for whatever it depends on', async t => {
  t.strictSame(ownersBy(controller, PolicyTemplate, template(), ...all), [names])
  const shipped = template({}, { namespace: 'kradle-system' })
  t.strictSame(ownersBy(controller, PolicyTemplate, shipped, ...all), [names])
  t.strictSame(ownersBy(controller, PolicyProfile, profile(), ...all), [
    names,
    'kradle-org-acme/other',
  ])
  t.equal(
    ownersBy(controller, CustomResourceDefinition, definition(PolicyReport), ...all).length,
    2,
  )
})

t.test('and for whatever is made of it', async t => {
  t.strictSame(ownersBy(controller, NamespacedValidatingPolicy, policy(), ...all), [names])
  const { labels: _, ...metadata } = policy().metadata
  const foreign = { ...policy(), metadata }
  t.strictSame(ownersBy(controller, NamespacedValidatingPolicy, foreign, ...all), [])
  const { namespace: __, ...homeless } = policy().metadata
  t.strictSame(
    ownersBy(controller, NamespacedValidatingPolicy, { ...policy(), metadata: homeless }, ...all),
    ['undefined/names'],
  )
  t.strictSame(ownersBy(controller, PolicyException, exception(), ...all), [names])
  t.strictSame(ownersBy(controller, PolicyExceptionRequest, request(), ...all), [names])
  const { namespace: ___, ...bare } = request().metadata
  t.strictSame(ownersBy(controller, PolicyExceptionRequest, { ...request(), metadata: bare }), [
    'undefined/names',
  ])
})

t.test('a report brings up the bindings that it speaks of', async t => {
  const reports = (...results: object[]) =>
    ownersBy(controller, PolicyReport, report('one', results), ...all)
  t.strictSame(reports(result('fail'), result('pass')), [names])
  t.strictSame(reports(result('fail', 'kyverno', 'another')), [])
  t.strictSame(reports(), [])
  const { results: _, ...empty } = report('one', [])
  t.strictSame(ownersBy(controller, PolicyReport, empty, ...all), [])
})

t.test('what is generated says for whose namespace', async t => {
  t.equal(homeOf(exception().metadata), 'kradle-org-acme')
  t.equal(homeOf({ name: 'bare' }), 'kradle-org-')
})
