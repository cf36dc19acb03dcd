import t from 'tap'
import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { installation, type Installation } from '#src/controllers/admission/installation.ts'
import { writeServingSecret } from '#src/controllers/admission/serving-secret.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { cluster, now } from '#test/fixtures.ts'

const platform = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kradle-system' } }
const labels = { 'app.kubernetes.io/part-of': 'kradle' }
const configuration = (kind: string, name: string): WebhookConfiguration => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'kradle', labels },
  webhooks: [{ name, failurePolicy: 'Fail', clientConfig: {} }],
})
const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'kradle-names', labels },
  spec: { failurePolicy: 'Fail' },
}
const parts: Installation = {
  manifests: [
    configuration('ValidatingWebhookConfiguration', 'validate.kradle.a5c.ai'),
    configuration('MutatingWebhookConfiguration', 'mutate.kradle.a5c.ai'),
    policy,
  ],
  address: { url: 'https://127.0.0.1:9443' },
  ownCertificates: true,
}

const issued = await issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now })
const made = (seconds: number) => {
  const written = writeServingSecret({ ...issued, bundle: issued.ca })
  const creationTimestamp = new Date(now.getTime() - seconds * 1000).toISOString()
  return { ...written, metadata: { ...written.metadata, creationTimestamp } }
}
const secret = made(60)
const caBundle = Buffer.from(issued.ca).toString('base64')
/** The manifests as they stand in a cluster that nobody touched. */
const live = (installed = parts, bundle = caBundle) =>
  parts.manifests.map(manifest => {
    const { webhooks } = manifest as WebhookConfiguration
    const metadata = { ...manifest.metadata, uid: 'x', resourceVersion: '7' }
    if (!webhooks) return { ...manifest, metadata }
    const [webhook] = webhooks
    const path = `/${webhook?.name.split('.')[0]}`
    const clientConfig =
      'url' in installed.address
        ? { url: installed.address.url + path, caBundle: bundle }
        : {
            service: {
              namespace: 'kradle-system',
              name: installed.address.service,
              path,
              port: 443,
            },
            caBundle: bundle,
          }
    return { ...manifest, metadata, webhooks: [{ ...webhook, clientConfig }] }
  })
const reconcile = (objects: readonly KubernetesObject[], of = parts) =>
  installation(of).reconcile(platform, cluster(platform, ...objects))
const names = (list: readonly KubernetesObject[] = []) => list.map(({ kind }) => kind)

t.test('without a certificate it issues one, and installs policies but no webhooks', async t => {
  const plan = reconcile([])
  t.strictSame(names(plan.apply), ['ValidatingAdmissionPolicy'])
  t.match(plan.effects, [{ type: 'issue-certificate', key: '', next: false }])
})

t.test('with one it installs everything, with address and authority', async t => {
  const plan = reconcile([secret])
  t.strictSame(names(plan.apply), names(parts.manifests))
  t.match(plan.apply, [
    { webhooks: [{ clientConfig: { url: 'https://127.0.0.1:9443/validate', caBundle } }] },
    { webhooks: [{ clientConfig: { url: 'https://127.0.0.1:9443/mutate', caBundle } }] },
  ])
})

t.test('says that something was missing, unless everything is new', async t => {
  t.strictSame(reconcile([made(1)]).effects, [])
  t.match(reconcile([made(60)]).effects, [
    { type: 'report-drift', kind: 'ValidatingWebhookConfiguration', what: 'it was missing' },
    {},
    {},
  ])
})

t.test('writes nothing where everything is as shipped, and looks again in time', async t => {
  const plan = reconcile([secret, ...live()])
  t.strictSame([plan.apply, plan.replace, plan.effects], [[], [], []])
  t.ok(plan.requeueAfter && plan.requeueAfter > 1000)
})

t.test(
  'puts a changed object back whole, keeps what others wrote on its metadata, and reports',
  async t => {
    const [validating, ...others] = live()
    const changed = {
      ...validating,
      metadata: { ...validating?.metadata, labels: { ...labels, team: 'x' } },
      webhooks: [
        { ...(validating as WebhookConfiguration).webhooks?.[0], failurePolicy: 'Ignore' },
      ],
    } as unknown as KubernetesObject
    const plan = reconcile([secret, changed, ...others])
    t.match(plan.replace, [
      {
        metadata: { resourceVersion: '7', labels: { ...labels, team: 'x' } },
        webhooks: [{ failurePolicy: 'Fail' }],
      },
    ])
    t.equal(plan.replace?.length, 1)
    t.match(plan.effects, [
      {
        type: 'report-drift',
        kind: 'ValidatingWebhookConfiguration',
        what: /webhooks\[0\]\.failurePolicy/,
      },
    ])
  },
)

t.test(
  'makes a certificate again, beside those that are trusted, when the Secret is gone',
  async t => {
    t.match(reconcile(live()).effects, [
      { type: 'issue-certificate', key: '', next: true, trusted: issued.ca },
    ])
  },
)

t.test('makes the next one when its time has come', async t => {
  const early = new Date(now.getTime() - 3_000_000)
  const old = await issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now: early })
  const due = writeServingSecret({ ...old, bundle: old.ca })
  const plan = reconcile([due, ...live(parts, Buffer.from(old.ca).toString('base64'))])
  t.match(plan.effects, [{ type: 'issue-certificate', key: old.certificate, next: true }])
})

t.test('restores a configuration that lost its authority, or all of its webhooks', async t => {
  for (const webhooks of [undefined, [{ name: 'x', clientConfig: {} }]]) {
    const [validating, ...others] = live()
    const plan = reconcile([
      secret,
      { ...validating, webhooks } as unknown as KubernetesObject,
      ...others,
    ])
    t.match(plan.replace, [{ webhooks: [{ clientConfig: { caBundle } }] }])
  }
})

t.test('writes a new authority without a word', async t => {
  const plan = reconcile([secret, ...live(parts, 'b2xk')])
  t.equal(plan.replace?.length, 2)
  t.strictSame(plan.effects, [])
})

t.test('puts back the label by which everything of ours is found', async t => {
  const unlabelled = live().map(object => ({
    ...object,
    metadata: { ...object.metadata, labels: {} },
  }))
  t.match(reconcile([secret, ...unlabelled]).replace, [{ metadata: { labels } }])
})

t.test('switches to the next certificate once it may', async t => {
  const early = new Date(now.getTime() - 1_800_000)
  const next = await issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now: early })
  const bundle = issued.ca + next.ca
  const rotating = writeServingSecret({ ...issued, bundle, next })
  const plan = reconcile([rotating, ...live(parts, Buffer.from(bundle).toString('base64'))])
  t.match(plan.apply, [writeServingSecret({ ...next, bundle })])
})

t.test('leaves certificates alone that somebody else keeps', async t => {
  const external = { ...parts, ownCertificates: false }
  const plan = reconcile(live(external, 'dGhlaXJz'), external)
  t.strictSame([plan.apply, plan.replace, plan.effects], [[], [], []])
  t.match(reconcile([], external).apply?.length, 3)
})

t.test('speaks to a Service where it is told to', async t => {
  const inCluster: Installation = { ...parts, address: { service: 'kradle-webhook' } }
  t.match(reconcile([secret], inCluster).apply, [
    {
      webhooks: [
        { clientConfig: { service: { name: 'kradle-webhook', path: '/validate', port: 443 } } },
      ],
    },
  ])
})

t.test('looks again when any of it changes, and may write nothing else', async t => {
  const controller = installation(parts)
  for (const watch of controller.watches)
    t.strictSame(watch.toOwners(platform, cluster()), [{ name: 'kradle-system' }])
  t.match(controller.lookups?.(platform, cluster()), [{ name: 'kradle-webhook-tls' }])
  const named = controller.writes.filter(({ verbs }) => !verbs.includes('create'))
  t.ok(named.every(({ resourceNames }) => resourceNames?.length))
})
