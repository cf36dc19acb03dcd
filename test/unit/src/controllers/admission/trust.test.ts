import t from 'tap'
import { bundlesIn, withBundle } from '#src/controllers/admission/trust.ts'
import type { KubernetesObject } from '#src/api/object.ts'

const encoded = (pem: string) => Buffer.from(pem).toString('base64')
const object = (kind: string, rest: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...rest,
})
const webhooks = (...bundles: (string | undefined)[]) =>
  object('ValidatingWebhookConfiguration', {
    webhooks: bundles.map(caBundle => ({ name: 'w', clientConfig: { url: 'u', caBundle } })),
  })
const apiService = (caBundle?: string) =>
  object('APIService', { spec: { group: 'g', ...(caBundle && { caBundle }) } })
const service = object('Service', { spec: { type: 'ExternalName' } })

t.test('reads every bundle', async t => {
  t.strictSame(bundlesIn(webhooks(encoded('a'), undefined)), ['a', ''])
  t.strictSame(bundlesIn(object('ValidatingWebhookConfiguration', {})), [])
  t.strictSame(bundlesIn(apiService(encoded('a'))), ['a'])
  t.strictSame(bundlesIn(apiService()), [''])
  t.strictSame(bundlesIn(object('APIService', {})), [''])
  t.strictSame(bundlesIn(service), [])
  t.strictSame(bundlesIn(undefined), [])
})

t.test('writes it everywhere', async t => {
  t.strictSame(
    withBundle(webhooks('x', undefined), 'a', undefined),
    webhooks(encoded('a'), encoded('a')),
  )
  t.strictSame(withBundle(apiService('x'), 'a', undefined), apiService(encoded('a')))
  t.equal(withBundle(service, 'a', undefined), service)
})

t.test('keeps what is there where there is none to write', async t => {
  t.strictSame(withBundle(webhooks('', ''), undefined, webhooks('x', 'y')), webhooks('x', 'y'))
  t.strictSame(withBundle(apiService(), undefined, apiService('x')), apiService('x'))
  t.match(withBundle(apiService(), undefined, undefined), { spec: { caBundle: undefined } })
})
