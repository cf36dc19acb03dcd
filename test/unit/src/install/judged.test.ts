import t from 'tap'
import { probesOf, unjudged } from '#src/install/judged.ts'
import { shippedTemplates } from '#src/install/shipped.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { problemsOf } from '#src/policy/body.ts'

for (const template of shippedTemplates('.'))
  t.test(`makes probes of ${template.metadata.name} that have to be refused`, async t => {
    const [scope, body] = probesOf(template)
    t.match(scope?.template.metadata.labels, { 'cleanup.kyverno.io/ttl': '1h' })
    t.equal(problemsOf(template).length, 0)
    t.ok(problemsOf(body!.template).length > 0)
    t.equal(body?.template.metadata.name, 'kradle-probe')
  })

t.test('writes are judged once both are refused for their own reasons', async t => {
  const [probe] = probesOf(shippedTemplates('.')[0]!)
  const refused = new ApiError({ code: 422, message: `x: ${probe!.refusedBy} with binding y` })
  t.equal(unjudged(probe!, refused), undefined)
  t.match(unjudged(probe!, undefined), /^nobody refuses what has to be refused by Validating/)
  t.equal(
    unjudged(probe!, new ApiError({ code: 500, message: 'failed calling' })),
    'failed calling',
  )
  t.equal(unjudged(probe!, new Error('ECONNREFUSED')), 'ECONNREFUSED')
})
