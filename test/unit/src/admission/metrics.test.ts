import { Registry as Metrics } from 'prom-client'
import t from 'tap'
import type { AdmissionRequest } from '#src/api/admission/v1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { admissionMetrics } from '#src/admission/metrics.ts'
import { answer } from '#src/admission/review.ts'
import { admissionRequest, binding, cluster, team } from '#test/fixtures.ts'
import { noAccess } from '#webhooks/access.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry } from '#webhooks/registry.ts'

const shipped = registry(rules, mutations)
const create = admissionRequest('CREATE', Team, team())
const foreign = admissionRequest('CREATE', Team, team('acme', { spec: { organizationRef: 'x' } }))

async function counted(...reviews: (AdmissionRequest | undefined)[]) {
  const metrics = new Metrics()
  const admission = admissionMetrics(metrics, shipped)
  for (const request of reviews) {
    admission.begin()
    const result = await answer('validate', { request }, shipped, {
      view: () => cluster(binding()),
      ask: async () => noAccess,
    })
    admission.end('validate', result, 0.003)
  }
  return { admission, text: () => metrics.metrics() }
}

const line = (result: string, resource = 'teams.kradle.a5c.ai', operation = 'CREATE') =>
  `kradle_admission_requests_total{webhook="validate",resource="${resource}",operation="${operation}",result="${result}"} 1`

t.test('counts reviews by how they ended, and refusals by rule', async t => {
  const { text } = await counted(create, foreign, undefined)
  const said = await text()
  t.match(said, line('allowed'))
  t.match(said, line('denied'))
  t.match(said, line('error', 'other', 'other'))
  t.match(said, 'kradle_admission_denials_total{rule="org-scoped/namespace-is-bound"} 1')
  t.match(said, 'kradle_admission_duration_seconds_count{webhook="validate"} 3')
})

t.test('shows every rule from the start', async t => {
  const { text } = await counted()
  const said = await text()
  for (const name of Object.keys(rules))
    t.match(said, `kradle_admission_denials_total{rule="${name}"} 0`)
})

t.test('takes no label from a request', async t => {
  const resource = { group: 'x', version: 'v1', resource: 'hunter2' }
  const { text } = await counted({ ...create, resource })
  t.match(await text(), line('allowed', 'other'))
  t.notMatch(await text(), 'hunter2')
})

t.test('knows how many are in flight', async t => {
  const { admission, text } = await counted(create)
  t.equal(admission.inFlight, 0)
  admission.begin()
  admission.begin()
  t.equal(admission.inFlight, 2)
  t.match(await text(), 'kradle_admission_in_flight 2')
})

t.test('counts rules that broke', async t => {
  const { admission, text } = await counted()
  const broken = { rule: 'team/x', error: new TypeError('x') }
  const decision = {
    allowed: false,
    reasons: [],
    warnings: [],
    advisers: [],
    patch: [],
    auditAnnotations: {},
    failures: [broken],
  }
  const response = { uid: '', allowed: false }
  admission.end('validate', { request: undefined, error: undefined, response, decision }, 0.001)
  t.match(await text(), 'kradle_admission_rule_failures_total{rule="team/x"} 1')
})

t.test('counts what was turned away, and tells when the certificate ends', async t => {
  const { admission, text } = await counted()
  t.match(await text(), line('shed', 'other', 'other').replace(/1$/, '0'))
  admission.shed('validate')
  admission.certificateExpires(new Date('2026-11-21T12:00:00Z'))
  t.match(await text(), line('shed', 'other', 'other'))
  t.match(await text(), 'kradle_certificate_expiry_timestamp_seconds 1795262400')
})
