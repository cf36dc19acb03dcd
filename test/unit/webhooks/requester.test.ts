import t from 'tap'
import { actsForOthers, requestedKinds, requesterField } from '#webhooks/requester.ts'

t.strictSame(
  requestedKinds.map(({ plural }) => plural),
  [...requesterField.keys()],
)
t.equal(actsForOthers('system:serviceaccount:kradle-system:trigger-controller'), true)
t.equal(actsForOthers('system:serviceaccount:default:trigger-controller'), false)
t.equal(actsForOthers(undefined), false)
