import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { issue } from '#src/lib/certificate-authority.ts'
import { isTrusted, isValid, parseBundle } from '#src/lib/pem.ts'

const now = new Date('2026-11-21T12:00:00Z')
const later = new Date(now.getTime() + 61_000)
const one = await issue({ hosts: ['a'], lifetimeMs: 60_000, now })
const other = await issue({ hosts: ['a'], lifetimeMs: 60_000, now })
const leaf = new X509Certificate(one.certificate)

t.test('reads every certificate of a bundle', async t => {
  t.equal(parseBundle(`# comment\n${one.ca}\n${other.ca}`).length, 2)
  t.strictSame(parseBundle('nothing'), [])
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  t.equal(parseBundle(broken + one.ca).length, 1)
})

t.test('trusts a leaf when one valid authority of the bundle signed it', async t => {
  t.equal(isTrusted(leaf, other.ca + one.ca, now), true)
  t.equal(isTrusted(leaf, other.ca, now), false)
  t.equal(isTrusted(leaf, '', now), false)
  t.equal(isTrusted(leaf, one.ca, later), false, 'the authority has expired')
})

t.test('knows when a certificate is valid', async t => {
  t.equal(isValid(leaf, now), true)
  t.equal(isValid(leaf, later), false)
  t.equal(isValid(leaf, new Date(now.getTime() - 7_000)), false)
})
