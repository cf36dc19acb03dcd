import t from 'tap'
import { delivery } from '#src/apiserver/kinds/externalwebhookdelivery.ts'

const claim = (spec: Record<string, unknown>) =>
  delivery.claim!(
    {
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'X',
      metadata: { name: 'one', namespace: 'kradle-org-acme' },
      spec,
    },
    new Date(0),
  )

t.equal(claim({ providerRef: 'github', deliveryId: '7' }), 'delivery 7 of kradle-org-acme/github')
t.equal(claim({ providerRef: 'github' }), undefined)
