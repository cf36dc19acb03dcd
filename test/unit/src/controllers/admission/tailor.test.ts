import t from 'tap'
import { tailored } from '#src/controllers/admission/tailor.ts'

const object = (kind: string, rest: object = {}) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'kradle' },
  ...rest,
})
const webhooks = [{ name: 'mutate.kradle.a5c.ai', clientConfig: {} }]
const shipped = [
  object('MutatingWebhookConfiguration', { webhooks }),
  object('ValidatingWebhookConfiguration', { webhooks }),
  object('MutatingAdmissionPolicy'),
]
const old = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

t.test(
  'a cluster without MutatingAdmissionPolicy gets the mutating webhook for everything',
  async t => {
    t.strictSame(tailored(shipped, old), shipped.slice(0, 2))
  },
)

t.test('one with it gets the webhook for what is in no organisation', async t => {
  const [mutating, ...others] = tailored(shipped, [...old, 'MutatingAdmissionPolicy'])
  t.match(mutating, {
    webhooks: [
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kradle.a5c.ai/org', operator: 'DoesNotExist' }],
        },
      },
    ],
  })
  t.strictSame(others, shipped.slice(1))
})
