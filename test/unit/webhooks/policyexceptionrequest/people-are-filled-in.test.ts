import t from 'tap'
import { cluster } from '#test/fixtures.ts'
import { asking, byNobody, deciding } from '#test/fixtures-policy.ts'
import type { Request } from '#webhooks/rule.ts'
import mutation from '#webhooks/policyexceptionrequest/people-are-filled-in.ts'

const filled = (request: Request) => mutation.apply(request, cluster()).spec as object

/** The fields are not there at all. */
function without(request: Request, ...fields: string[]): Request {
  const left = Object.entries(request.object.spec).filter(([name]) => !fields.includes(name))
  return { ...request, object: { ...request.object, spec: Object.fromEntries(left) } }
}

t.test('who asks', async t => {
  t.match(filled(without(asking(), 'requestedBy')), { requestedBy: 'joe' })
  const forged = asking({ requestedBy: 'jim' })
  t.equal(mutation.apply(forged, cluster()), forged.object, 'is for a rule to refuse')
  t.match(filled(without(asking({ decision: 'Denied' }), 'requestedBy')), {
    requestedBy: 'joe',
    decidedBy: 'joe',
  })
})

t.test('who decides', async t => {
  t.match(filled(without(deciding(), 'decidedBy')), { decidedBy: 'jane', requestedBy: 'joe' })
  t.match(filled(deciding('jane', { decidedBy: 'jim' })), { decidedBy: 'jim' })
  const nobody = byNobody(without(deciding(), 'decidedBy'))
  t.equal(mutation.apply(nobody, cluster()), nobody.object)
})

t.test('an update that leaves them out means no others', async t => {
  const decided = { decision: 'Approved', reason: 'x', decidedBy: 'jim' }
  t.match(filled(without(deciding('jane', {}, decided), 'requestedBy', 'decidedBy')), {
    requestedBy: 'joe',
    decidedBy: 'jim',
  })
})
