import t from 'tap'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { cluster, request } from '#test/fixtures.ts'
import { binding, namespace, platformTemplate, template } from '#test/fixtures-policy.ts'
import rule from '#webhooks/policybinding/parameters-fit.ts'

const least = { parameters: [{ name: 'least', type: 'integer' as const, required: true }] }
const write = (now: PolicyBinding, before?: PolicyBinding) =>
  request(before ? 'UPDATE' : 'CREATE', PolicyBinding, now, before)
const findings = (now: PolicyBinding, before?: PolicyBinding, ...templates: PolicyTemplate[]) =>
  rule.decide(
    write(now, before),
    cluster(...(templates.length ? templates : [template({}, least)])),
  )

t.test('passes parameters that the template declares', async t => {
  t.strictSame(findings(binding({ parameters: { least: 3 } })), [])
})

t.test('refuses those that it does not, that are missing, and of another type', async t => {
  t.match(findings(binding({ parameters: { lest: 3 } })), [
    { rule: 'R205', field: 'spec.parameters.least', value: undefined },
    { rule: 'R205', field: 'spec.parameters.lest', value: 3 },
  ])
  t.match(findings(binding()), [{ field: 'spec.parameters.least' }])
  t.match(findings(binding({ parameters: { least: '3' } })), [
    { value: '3', problem: 'is not an integer' },
  ])
})

t.test('the template is the own one, else that of the platform', async t => {
  t.strictSame(rule.lookups(write(binding())), [
    { kind: PolicyTemplate, name: 'titles', namespace, fresh: 'on-miss' },
    { kind: PolicyTemplate, name: 'titles', namespace: 'kradle-system', fresh: 'on-miss' },
  ])
  t.equal(findings(binding(), undefined, platformTemplate({}, least)).length, 1)
  t.strictSame(findings(binding(), undefined, platformTemplate({}, least), template()), [])
  t.strictSame(rule.decide(write(binding()), cluster()), [])
  t.strictSame(rule.lookups(write(binding({ templateRef: '' }))), [])
})

t.test('looks again only where parameters change', async t => {
  const before = binding()
  t.strictSame(findings(binding({ suspend: true }), before), [])
  t.strictSame(rule.lookups(write(binding({ suspend: true }), before)), [])
  t.equal(findings(binding({ parameters: { least: 'x' } }), before).length, 1)
})

t.test('leaves to the definition what is no map', async t => {
  t.strictSame(findings(binding({ parameters: 'x' as never })), [])
})
