import t from 'tap'
import { MAX_STALENESS_SECONDS, unreadiness } from '#src/admission/readiness.ts'
import { issue } from '#src/lib/certificate-authority.ts'

const now = new Date('2026-11-21T12:00:00Z')
const lifetimeMs = 3_600_000
const hosts = ['127.0.0.1']
const { ca, certificate } = await issue({ hosts, lifetimeMs, now })
const other = await issue({ hosts, lifetimeMs, now: new Date(now.getTime() + 1) })

const configuration = (...bundles: (string | undefined)[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'kradle' },
  webhooks: bundles.map(pem => ({
    name: 'validate.kradle.a5c.ai',
    clientConfig: pem === undefined ? {} : { caBundle: Buffer.from(pem).toString('base64') },
  })),
})
const ready: Parameters<typeof unreadiness>[0] = {
  synced: true,
  stalenessSeconds: MAX_STALENESS_SECONDS,
  certificate,
  configurations: [configuration(ca), configuration(other.ca + ca)],
  stopping: false,
  now,
}
const untrusted = 'the live webhook configurations do not trust the certificate'
const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

t.test('is ready with a certificate that every live configuration trusts', async t => {
  t.equal(unreadiness(ready), undefined)
})

const cases: Record<string, { change: Partial<typeof ready>; want: string }> = {
  'once it stops': { change: { stopping: true }, want: 'stopping' },
  'before the watches are complete': {
    change: { synced: false },
    want: 'the watches have not seen everything yet',
  },
  'with watches that are out of touch': {
    change: { stalenessSeconds: MAX_STALENESS_SECONDS + 1 },
    want: 'the watches are out of touch',
  },
  'without a certificate': { change: { certificate: undefined }, want: 'no certificate yet' },
  'before its certificate is valid': {
    change: { now: new Date(now.getTime() - lifetimeMs) },
    want: 'the certificate is not valid at this time',
  },
  'once its certificate has expired': {
    change: { now: new Date(now.getTime() + lifetimeMs) },
    want: 'the certificate is not valid at this time',
  },
  'without a configuration': {
    change: { configurations: [configuration(ca), undefined] },
    want: 'a webhook configuration is missing',
  },
  'with a configuration without webhooks': {
    change: { configurations: [configuration()] },
    want: 'a webhook configuration is missing',
  },
  'with an authority that did not sign': {
    change: { configurations: [configuration(ca), configuration(other.ca)] },
    want: untrusted,
  },
  'where one webhook of many has no authority': {
    change: { configurations: [configuration(ca, undefined)] },
    want: untrusted,
  },
  'with a bundle that cannot be read': {
    change: { configurations: [configuration(broken)] },
    want: untrusted,
  },
}
for (const [name, { change, want }] of Object.entries(cases))
  t.test(`is not ready ${name}`, async t => {
    t.equal(unreadiness({ ...ready, ...change }), want)
  })
