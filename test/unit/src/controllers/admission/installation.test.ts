import t from 'tap'
import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { installation } from '#src/controllers/admission/installation.ts'
import { installationOf, type Installation } from '#src/controllers/admission/installed.ts'
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
const shipped = [
  configuration('ValidatingWebhookConfiguration', 'validate.kradle.a5c.ai'),
  configuration('MutatingWebhookConfiguration', 'mutate.kradle.a5c.ai'),
  policy,
]
const url = 'https://127.0.0.1:9443'
const parts = installationOf(shipped, { webhook: { url }, ownCertificates: true })

const issued = await issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now })
const made = (seconds: number) => {
  const written = writeServingSecret('kradle-webhook-tls', { ...issued, bundle: issued.ca })
  const creationTimestamp = new Date(now.getTime() - seconds * 1000).toISOString()
  return { ...written, metadata: { ...written.metadata, creationTimestamp } }
}
const secret = made(60)
const caBundle = Buffer.from(issued.ca).toString('base64')
/** The objects as they stand in a cluster that nobody touched. */
const live = (installed: Installation = parts, bundle = caBundle): KubernetesObject[] =>
  [...installed.certificates.flatMap(({ objects }) => objects), ...installed.policies].map(
    object => {
      const { webhooks } = object as WebhookConfiguration
      const metadata = { ...object.metadata, uid: 'x', resourceVersion: '7' }
      if (!webhooks) return { ...object, metadata }
      const [webhook] = webhooks
      const clientConfig = { ...webhook?.clientConfig, caBundle: bundle }
      return { ...object, metadata, webhooks: [{ ...webhook, clientConfig }] }
    },
  )
const reconcile = (objects: readonly KubernetesObject[], of = parts) =>
  installation(of).reconcile(platform, cluster(platform, ...objects))
const names = (list: readonly KubernetesObject[] = []) => list.map(({ kind }) => kind)

t.test('without a certificate it issues one, and installs policies but no webhooks', async t => {
  const plan = reconcile([])
  t.strictSame(names(plan.apply), ['ValidatingAdmissionPolicy'])
  t.match(plan.effects, [
    {
      type: 'issue-certificate',
      key: 'kradle-webhook-tls/',
      name: 'kradle-webhook',
      secret: 'kradle-webhook-tls',
      hosts: ['127.0.0.1'],
      serving: '',
      next: false,
    },
  ])
})

t.test('with one it installs everything, with address and authority', async t => {
  const plan = reconcile([secret])
  t.strictSame(names(plan.apply), [
    'ValidatingAdmissionPolicy',
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
  ])
  t.match(plan.apply, [
    {},
    { webhooks: [{ clientConfig: { url: 'https://127.0.0.1:9443/validate', caBundle } }] },
    { webhooks: [{ clientConfig: { url: 'https://127.0.0.1:9443/mutate', caBundle } }] },
  ])
})

t.test('says that something was missing, unless everything is new', async t => {
  t.strictSame(reconcile([made(1)]).effects, [])
  t.match(reconcile([made(60)]).effects, [
    { type: 'report-drift', kind: 'ValidatingAdmissionPolicy', what: 'it was missing' },
    { type: 'report-drift', kind: 'ValidatingWebhookConfiguration', what: 'it was missing' },
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
      { type: 'issue-certificate', serving: '', next: true, trusted: issued.ca },
    ])
  },
)

t.test('makes the next one when its time has come', async t => {
  const early = new Date(now.getTime() - 3_000_000)
  const old = await issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now: early })
  const due = writeServingSecret('kradle-webhook-tls', { ...old, bundle: old.ca })
  const plan = reconcile([due, ...live(parts, Buffer.from(old.ca).toString('base64'))])
  t.match(plan.effects, [
    { key: `kradle-webhook-tls/${old.certificate}`, serving: old.certificate, next: true },
  ])
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
  const rotating = writeServingSecret('kradle-webhook-tls', { ...issued, bundle, next })
  const plan = reconcile([rotating, ...live(parts, Buffer.from(bundle).toString('base64'))])
  t.match(plan.apply, [writeServingSecret('kradle-webhook-tls', { ...next, bundle })])
})

t.test('leaves certificates alone that somebody else keeps', async t => {
  const external = { ...parts, ownCertificates: false }
  const plan = reconcile(live(external, 'dGhlaXJz'), external)
  t.strictSame([plan.apply, plan.replace, plan.effects], [[], [], []])
  t.match(reconcile([], external).apply?.length, 3)
})

t.test('speaks to a Service where it is told to', async t => {
  const inCluster = installationOf(shipped, { webhook: 'service', ownCertificates: true })
  t.match(reconcile([secret], inCluster).apply, [
    {},
    {
      webhooks: [
        { clientConfig: { service: { name: 'kradle-webhook', path: '/validate', port: 443 } } },
      ],
    },
  ])
})

const both = installationOf(shipped, {
  webhook: { url },
  activity: 'service',
  ownCertificates: true,
})
const activity = await issue({ hosts: ['a'], lifetimeMs: 3_600_000, now })
const activitySecret = writeServingSecret('kradle-apiserver-certificate', {
  ...activity,
  bundle: activity.ca,
})

t.test('each certificate is made for itself', async t => {
  const plan = reconcile([secret, ...live()], both)
  t.match(plan.effects, [
    {
      key: 'kradle-apiserver-certificate/',
      name: 'kradle-apiserver',
      hosts: [/^kradle-apiserver\.kradle-system\.svc$/, /cluster\.local$/],
      trusted: '',
    },
  ])
  t.strictSame(plan.apply, [])
})

t.test('each object trusts its own, and the first to be due is looked after first', async t => {
  const plan = reconcile([secret, activitySecret, ...live()], both)
  t.match(plan.apply, [
    {
      kind: 'APIService',
      metadata: { name: 'v1alpha1.activity.kradle.a5c.ai' },
      spec: { caBundle: Buffer.from(activity.ca).toString('base64') },
    },
  ])
  t.equal(plan.apply?.length, 1)
  t.ok(plan.requeueAfter)
})

t.test('an APIService that is no longer wanted goes, if it is ours', async t => {
  const left = (partOf: string) => ({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: 'v1alpha1.activity.kradle.a5c.ai',
      uid: 'y',
      labels: { 'app.kubernetes.io/part-of': partOf },
    },
  })
  t.match(reconcile([secret, ...live(), left('kradle')]).delete, [
    { name: 'v1alpha1.activity.kradle.a5c.ai', uid: 'y' },
  ])
  t.strictSame(reconcile([secret, ...live(), left('other')]).delete, [])
  t.strictSame(reconcile([secret, ...live()]).delete, [])
  t.strictSame(reconcile([secret, activitySecret, ...live(), left('kradle')], both).delete, [])
})

t.test('without anything to look after it does nothing', async t => {
  const none: Installation = { policies: [policy], certificates: [], ownCertificates: true }
  t.match(reconcile([], none), { apply: [policy], effects: [] })
})

t.test('looks again when any of it changes, and may write nothing else', async t => {
  const outside = { url: 'https://localhost:6444' }
  const local = installationOf(shipped, {
    webhook: { url },
    activity: outside,
    ownCertificates: true,
  })
  const controller = installation(local)
  for (const watch of controller.watches)
    t.strictSame(watch.toOwners(platform, cluster()), [{ name: 'kradle-system' }])
  t.match(controller.lookups?.(platform, cluster()), [
    { name: 'kradle-webhook-tls' },
    { name: 'kradle-apiserver-certificate' },
  ])
  const named = controller.writes.filter(({ verbs }) => !verbs.includes('create'))
  t.ok(named.every(({ resourceNames }) => resourceNames?.length))
  t.match(
    controller.writes.find(({ kind }) => kind.kind === 'Service'),
    { verbs: ['create'], namespace: 'kradle-system' },
  )
  const without = installation(parts)
  t.match(
    without.writes.filter(({ kind }) => kind.kind === 'APIService'),
    [{ verbs: ['delete'], resourceNames: ['v1alpha1.activity.kradle.a5c.ai'] }],
  )
  for (const watch of without.watches)
    t.strictSame(watch.toOwners(platform, cluster()), [{ name: 'kradle-system' }])
})
