import t from 'tap'
import { intent } from '#src/apiserver/kinds/externalwriteintent.ts'

const claim = (spec: Record<string, unknown>) =>
  intent.claim!(
    {
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'X',
      metadata: { name: 'one', namespace: 'kradle-org-acme' },
      spec,
    },
    new Date(0),
  )

t.equal(claim({ idempotencyKey: 'a:b:c:1' }), 'idempotency key a:b:c:1 in kradle-org-acme')
t.equal(claim({}), undefined)
