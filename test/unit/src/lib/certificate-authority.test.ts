import { createPrivateKey, X509Certificate } from 'node:crypto'
import t from 'tap'
import { backdate, issue } from '#src/lib/certificate-authority.ts'

const now = new Date('2026-11-21T12:00:00Z')

t.test('issues a leaf that its own authority signed, for the hosts it is asked for', async t => {
  const hosts = ['127.0.0.1', '::1', 'kradle-webhook.kradle-system.svc']
  const issued = await issue({ hosts, lifetimeMs: 3_600_000, now })
  const ca = new X509Certificate(issued.ca)
  const leaf = new X509Certificate(issued.certificate)
  t.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey))
  t.ok(leaf.checkPrivateKey(createPrivateKey(issued.key)))
  t.equal(ca.ca, true)
  t.equal(leaf.ca, false)
  t.ok(leaf.checkIP('127.0.0.1') && leaf.checkIP('::1'))
  t.ok(leaf.checkHost('kradle-webhook.kradle-system.svc'))
  t.notOk(leaf.checkHost('example.com'))
  for (const certificate of [ca, leaf]) {
    t.strictSame(certificate.validFromDate, new Date(now.getTime() - 300_000))
    t.strictSame(certificate.validToDate, new Date(now.getTime() + 3_600_000))
  }
})

t.test('makes another authority each time', async t => {
  const one = await issue({ hosts: ['a'], lifetimeMs: 60_000, now })
  const other = await issue({ hosts: ['a'], lifetimeMs: 60_000, now: new Date(now.getTime() + 1) })
  t.notOk(new X509Certificate(one.certificate).checkIssued(new X509Certificate(other.ca)))
})

t.test('dates back by a tenth, at most five minutes', async t => {
  t.equal(backdate(60_000), 6_000)
  t.equal(backdate(86_400_000), 300_000)
})

t.test('names both after whoever serves', async t => {
  const issued = await issue({ name: 'kradle-apiserver', hosts: ['a'], lifetimeMs: 60_000, now })
  t.equal(new X509Certificate(issued.certificate).subject, 'CN=kradle-apiserver')
  t.match(new X509Certificate(issued.ca).subject, /^CN=kradle-apiserver-ca-\d+$/)
})
