import t from 'tap'
import { installationOf } from '#src/controllers/admission/installed.ts'

const object = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'kradle' } })
const shipped = [
  object('ValidatingWebhookConfiguration'),
  object('MutatingWebhookConfiguration'),
  object('ValidatingAdmissionPolicy'),
]
const kinds = (list: readonly { readonly kind: string }[] = []) => list.map(({ kind }) => kind)

t.test('policies stand by themselves, configurations with their certificate', async t => {
  const { policies, certificates } = installationOf(shipped, {
    webhook: 'service',
    ownCertificates: true,
  })
  t.strictSame(kinds(policies), ['ValidatingAdmissionPolicy'])
  t.equal(certificates.length, 1)
  t.strictSame(kinds(certificates[0]?.objects), [
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
  ])
})

t.test('the activity API is there where it is wanted', async t => {
  const { certificates, ownCertificates } = installationOf(shipped, {
    webhook: 'service',
    activity: 'service',
    ownCertificates: false,
  })
  t.strictSame(kinds(certificates[1]?.objects), ['APIService'])
  t.equal(ownCertificates, false)
})

/** Of each kind, by which Certificate cert-manager is asked to write the bundle. */
const asked = (options: { injectCaFrom?: string; apiserverInjectCaFrom?: string }) => {
  const { policies, certificates } = installationOf(shipped, {
    webhook: 'service',
    activity: { url: 'https://localhost:6444' },
    ownCertificates: false,
    ...options,
  })
  const objects = [...policies, ...certificates.flatMap(each => each.objects)]
  return objects.flatMap(({ kind, metadata: { annotations } }) => {
    const from = annotations?.['cert-manager.io/inject-ca-from']
    return from === undefined ? [] : [`${kind} ${from}`]
  })
}

t.test('cert-manager is asked for every bundle, and for nothing that has none', async t => {
  t.strictSame(asked({ injectCaFrom: 'a/b' }), [
    'ValidatingWebhookConfiguration a/b',
    'MutatingWebhookConfiguration a/b',
    'APIService a/b',
  ])
})

t.test('each bundle is of the Certificate that is served', async t => {
  t.strictSame(asked({ injectCaFrom: 'a/b', apiserverInjectCaFrom: 'a/c' }), [
    'ValidatingWebhookConfiguration a/b',
    'MutatingWebhookConfiguration a/b',
    'APIService a/c',
  ])
  t.strictSame(asked({ apiserverInjectCaFrom: 'a/c' }), ['APIService a/c'])
})
