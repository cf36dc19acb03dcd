import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import t from 'tap'
import { certificateUser, commonName } from '#src/apiserver/auth/client-certificate.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
x509.cryptoProvider.set(webcrypto)
const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

/** A certificate for whatever the subject says. */
async function certificate(name: x509.JsonName): Promise<X509Certificate> {
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
  })
  return new X509Certificate(Buffer.from(made.rawData))
}
const UID = '1.3.6.1.4.1.57683.2'

t.test('the common name is the user, every organisation a group', async t => {
  const cert = await certificate([{ O: ['dev'] }, { O: ['ops, a\nCN=root'] }, { CN: ['jane'] }])
  const id = cert.fingerprint256.replaceAll(':', '').toLowerCase()
  t.strictSame(certificateUser(cert), {
    username: 'jane',
    groups: ['dev', 'ops, a\nCN=root'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${id}`] },
  })
})

t.test('the last common name counts', async t => {
  t.equal(commonName(await certificate([{ CN: ['one'] }, { CN: ['two'] }])), 'two')
})

t.test('a uid is read, where there is one', async t => {
  const [cn, uid] = [{ CN: ['jane'] }, { [UID]: ['42'] }]
  t.match(certificateUser(await certificate([cn, uid])), { username: 'jane', uid: '42' })
  t.equal(certificateUser(await certificate([cn, uid, uid])), undefined)
  t.equal(certificateUser(await certificate([cn, { [UID]: [''] }])), undefined)
})

t.test('a certificate without a common name is nobody', async t => {
  t.equal(certificateUser(await certificate([{ O: ['system:masters'] }])), undefined)
  t.equal(certificateUser(await certificate([])), undefined)
})
