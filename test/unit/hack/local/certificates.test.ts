import { createPrivateKey, createSign, createVerify, X509Certificate } from 'node:crypto'
import t from 'tap'
import { isCurrent, issueCa, issueLeaf, newKeyPair } from '#hack/local/certificates.ts'

const now = new Date('2026-11-20T12:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 24 * 3600_000)
const ca = await issueCa('kradle-local-ca', now)

t.test('a leaf is what it was asked to be, and signed by its CA', async t => {
  const pair = await issueLeaf(
    ca,
    {
      commonName: 'kubernetes-admin',
      organization: 'system:masters',
      usages: ['client', 'server'],
      dns: ['localhost'],
      ips: ['127.0.0.1'],
    },
    now,
  )
  const leaf = new X509Certificate(pair.cert)
  t.ok(leaf.verify(new X509Certificate(ca.cert).publicKey))
  t.ok(leaf.checkPrivateKey(createPrivateKey(pair.key)))
  t.equal(leaf.subject, 'O=system:masters\nCN=kubernetes-admin')
  t.equal(leaf.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1')
  t.same(leaf.keyUsage?.toSorted(), ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
  t.notOk(leaf.ca)
  t.ok(new Date(leaf.validFrom) < now)
})

t.test('one without names or organization has neither', async t => {
  const leaf = new X509Certificate(
    (await issueLeaf(ca, { commonName: 'front-proxy-client', usages: ['client'] }, now)).cert,
  )
  t.equal(leaf.subject, 'CN=front-proxy-client')
  t.equal(leaf.subjectAltName, undefined)
})

t.test('it is renewed a month before it ends, and when it is not ours', async t => {
  const { cert } = await issueLeaf(ca, { commonName: 'a', usages: ['client'] }, now)
  t.ok(isCurrent(cert, ca.cert, now))
  t.ok(isCurrent(cert, ca.cert, days(334)))
  t.notOk(isCurrent(cert, ca.cert, days(336)), 'about to end')
  t.notOk(isCurrent(cert, ca.cert, days(-1)), 'not yet valid: a clock that was set back')
  t.notOk(isCurrent(cert, (await issueCa('kradle-local-ca', now)).cert, now), 'of another CA')
  t.notOk(isCurrent('cut off', ca.cert, now))
  t.ok(isCurrent(ca.cert, ca.cert, days(3600)))
  t.ok(new X509Certificate(ca.cert).ca)
})

t.test('tokens signed with the key pair are checked with its public half', async t => {
  const { key, publicKey } = await newKeyPair()
  const signature = createSign('sha256').update('token').sign(key)
  t.ok(createVerify('sha256').update('token').verify(publicKey, signature))
})
