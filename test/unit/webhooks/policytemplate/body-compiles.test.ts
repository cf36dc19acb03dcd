import t from 'tap'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { request } from '#test/fixtures.ts'
import { platformTemplate, template } from '#test/fixtures-policy.ts'
import rule from '#webhooks/policytemplate/body-compiles.ts'

const fetching = { validations: [{ expression: 'http.get("http://example.com").ok == true' }] }
const findings = (now: PolicyTemplate, before?: PolicyTemplate) =>
  rule.decide(request(before ? 'UPDATE' : 'CREATE', PolicyTemplate, now, before))

t.test('passes what can become a policy', async t => {
  t.strictSame(findings(template()), [])
  t.strictSame(findings(platformTemplate(fetching)), [])
})

t.test('refuses what cannot, and what its author may not write', async t => {
  t.match(findings(template({ validations: [{ expression: 'objct.a == 1' }] })), [
    { type: 'deny', rule: 'R203', field: 'spec.kyverno.spec.validations[0].expression' },
  ])
  t.match(findings(template(fetching)), [{ rule: 'R203', problem: /"http" has Kyverno fetch/ }])
  t.match(findings(template({}, { targetKinds: ['MergeRequest', 'PullRequest'] })), [
    { rule: 'R205' },
  ])
})

t.test('goes by where the object is written, whatever it says of itself', async t => {
  const { namespace: _, ...metadata } = platformTemplate(fetching).metadata
  const write = request('CREATE', PolicyTemplate, { ...platformTemplate(fetching), metadata })
  t.equal(rule.decide({ ...write, namespace: 'kradle-org-acme' }).length, 1)
})

t.test('looks again only where the spec changes', async t => {
  const labelled = {
    ...template(fetching),
    metadata: { ...template().metadata, labels: { a: 'b' } },
  }
  t.strictSame(findings(labelled, template(fetching)), [])
  t.equal(findings(template(fetching), template()).length, 1)
})

t.test('leaves to the definition what has no shape', async t => {
  t.strictSame(findings({ ...template(), spec: {} as PolicyTemplate['spec'] }), [])
})
