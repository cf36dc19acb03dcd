import t from 'tap'
import {
  apiserverCertificate,
  webhookCertificate,
} from '#src/controllers/admission/served-certificates.ts'

const configuration = (webhooks?: string[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'kradle' },
  ...(webhooks && { webhooks: webhooks.map(name => ({ name, clientConfig: {} })) }),
})

t.test('the webhook is found by its Service, or by its address', async t => {
  const shipped = [configuration(['validate.kradle.a5c.ai'])]
  t.match(webhookCertificate(shipped, 'service'), {
    secret: 'kradle-webhook-tls',
    hosts: ['kradle-webhook.kradle-system.svc', 'kradle-webhook.kradle-system.svc.cluster.local'],
    objects: [{ webhooks: [{ clientConfig: { service: { path: '/validate', port: 443 } } }] }],
  })
  t.match(webhookCertificate(shipped, { url: 'https://127.0.0.1:9443' }), {
    hosts: ['127.0.0.1'],
    objects: [{ webhooks: [{ clientConfig: { url: 'https://127.0.0.1:9443/validate' } }] }],
  })
  t.match(webhookCertificate([configuration()], 'service'), { objects: [{ webhooks: [] }] })
})

t.test('kradle-apiserver is found by its Service', async t => {
  t.strictSame(apiserverCertificate('service'), {
    name: 'kradle-apiserver',
    secret: 'kradle-apiserver-certificate',
    hosts: [
      'kradle-apiserver.kradle-system.svc',
      'kradle-apiserver.kradle-system.svc.cluster.local',
    ],
    objects: [
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: {
          name: 'v1alpha1.activity.kradle.a5c.ai',
          labels: { 'app.kubernetes.io/part-of': 'kradle' },
        },
        spec: {
          group: 'activity.kradle.a5c.ai',
          version: 'v1alpha1',
          groupPriorityMinimum: 1000,
          versionPriority: 15,
          service: { namespace: 'kradle-system', name: 'kradle-apiserver', port: 443 },
        },
      },
    ],
  })
})

t.test(
  'outside the cluster a Service leads to its host, and the APIService to its port',
  async t => {
    const { hosts, objects } = apiserverCertificate({ url: 'https://localhost:6444' })
    t.strictSame(hosts.slice(2), ['localhost', '127.0.0.1'])
    t.match(objects, [
      {
        kind: 'Service',
        metadata: { name: 'kradle-apiserver', namespace: 'kradle-system' },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
      { spec: { service: { name: 'kradle-apiserver', port: 6444 } } },
    ])
    t.match(apiserverCertificate({ url: 'https://box.example' }), {
      hosts: [/svc$/, /local$/, 'box.example', 'localhost', '127.0.0.1'],
      objects: [{ spec: { externalName: 'box.example' } }, { spec: { service: { port: 443 } } }],
    })
  },
)
