import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import t from 'tap'
import { trustedUntil } from '#src/apiserver/auth/certificate-chain.ts'

x509.cryptoProvider.set(webcrypto)
const now = new Date('2026-11-21T12:00:00Z')
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

interface Made {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly cert: X509Certificate
}
interface Options {
  readonly from?: number
  readonly to?: number
  readonly ca?: boolean
  readonly pathLength?: number
  readonly usages?: readonly string[]
  readonly extensions?: readonly x509.Extension[]
  readonly keyUsage?: x509.KeyUsageFlags
  readonly keys?: webcrypto.CryptoKeyPair
  readonly hash?: string
}

/** A certificate by `issuer`, or by itself. */
async function make(name: string, issuer?: Made, options: Options = {}): Promise<Made> {
  const { from = -1, to = 1, ca = true, pathLength, usages, extensions = [], keyUsage } = options
  const keys = options.keys ?? (await newKeys())
  const made = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore: at(from),
    notAfter: at(to),
    publicKey: keys.publicKey,
    signingKey: (issuer ?? { keys }).keys.privateKey,
    signingAlgorithm: { ...algorithm, hash: options.hash ?? 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(ca, pathLength, true),
      ...(usages ? [new x509.ExtendedKeyUsageExtension([...usages])] : []),
      ...(keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(keyUsage, true)]),
      ...extensions,
    ],
  })
  return { name, keys, cert: new X509Certificate(Buffer.from(made.rawData)) }
}
const leafOf = (issuer: Made, options: Options = {}) =>
  make('jane', issuer, { ca: false, usages: [CLIENT], ...options })
const CLIENT = '1.3.6.1.5.5.7.3.2'
const SERVER = '1.3.6.1.5.5.7.3.1'
const ANY = '2.5.29.37.0'
const odd = (type: string, critical: boolean) =>
  new x509.Extension(type, critical, new Uint8Array([0x30, 0x00]))

const root = await make('root', undefined, { to: 3 })
const certs = (...made: Made[]) => made.map(({ cert }) => cert)
const until = (presented: Made[], authorities = [root], when = now) =>
  trustedUntil(certs(...presented), certs(...authorities), when)

t.test('trusts a leaf of an authority until the first of them expires', async t => {
  t.strictSame(until([await leafOf(root)]), at(1))
  t.strictSame(until([await leafOf(root, { to: 5 })]), at(3))
})

t.test('trusts the same certificate again, however many others came in between', async t => {
  const { keys } = root
  const leaves = await Promise.all(Array.from({ length: 101 }, () => leafOf(root, { keys })))
  for (const leaf of [...leaves, leaves[0]!, leaves[0]!]) t.strictSame(until([leaf]), at(1))
})

t.test('trusts nobody without a certificate or without authorities', async t => {
  t.equal(until([]), undefined)
  t.equal(until([await leafOf(root)], []), undefined)
})

t.test('trusts no other authority, not even one of the same name', async t => {
  const impostor = await make('root')
  const leaf = await leafOf(impostor)
  t.equal(until([leaf]), undefined)
  t.equal(until([leaf, impostor]), undefined)
  t.strictSame(until([leaf], [root, impostor]), at(1))
  t.equal(until([await make('jane', undefined, { ca: false })]), undefined)
})

t.test('trusts nothing outside its time', async t => {
  for (const options of [{ to: -0.1 }, { from: 0.1 }])
    t.equal(until([await leafOf(root, options)]), undefined)
  const leaf = await leafOf(root, { to: 9 })
  t.equal(until([leaf], [root], at(4)), undefined, 'the authority has expired')
})

t.test('trusts what is for clients alone', async t => {
  for (const [usages, trusted] of [
    [[CLIENT], true],
    [[SERVER, CLIENT], true],
    [[ANY], true],
    [[SERVER], false],
  ] as const)
    t.equal(until([await leafOf(root, { usages })]) !== undefined, trusted, usages.join())
  t.ok(until([await make('jane', root, { ca: false })]), 'who names no use may do anything')
  const servers = await make('servers', root, { usages: [SERVER] })
  t.equal(until([await leafOf(servers), servers]), undefined, 'nor below an authority for servers')
})

t.test('follows intermediates in any order, and past those that do not belong', async t => {
  const one = await make('one', root, { to: 0.5 })
  const two = await make('two', one)
  const leaf = await leafOf(two)
  const stray = await make('stray')
  t.strictSame(until([leaf, stray, one, two]), at(0.5))
  t.equal(until([leaf, two]), undefined)
  t.equal(until([leaf]), undefined)
  t.strictSame(until([leaf], [two]), at(1), 'an intermediate may be the authority')
})

t.test('a leaf is no authority, nor whoever may not sign', async t => {
  const leaf = await leafOf(root)
  t.equal(until([await leafOf(leaf), leaf]), undefined)
  const mute = await make('mute', root, { keyUsage: x509.KeyUsageFlags.digitalSignature })
  t.equal(until([await leafOf(mute), mute]), undefined)
})

t.test('keeps to the length of a path', async t => {
  const short = await make('short', root, { pathLength: 0 })
  const below = await make('below', short)
  t.ok(until([await leafOf(short), short]))
  t.equal(until([await leafOf(below), below, short]), undefined)
})

t.test('refuses what it does not understand', async t => {
  t.equal(until([await leafOf(root, { extensions: [odd('1.2.3.4', true)] })]), undefined)
  t.ok(until([await leafOf(root, { extensions: [odd('1.2.3.4', false)] })]))
  const bound = await make('bound', root, { extensions: [odd('2.5.29.30', false)] })
  t.equal(until([await leafOf(bound), bound]), undefined)
})

t.test('refuses signatures that can be forged', async t => {
  t.equal(until([await leafOf(root, { hash: 'SHA-1' })]), undefined)
})

t.test('a leaf that stands among the authorities is trusted by itself', async t => {
  const self = await make('jane', undefined, { ca: false })
  t.strictSame(until([self], [self]), at(1))
})

t.test('gives up where everybody has signed everybody', async t => {
  const keys = await newKeys()
  const first = await make('loop', undefined, { keys })
  const loop = await Promise.all(
    Array.from({ length: 9 }, (_, index) => make('loop', first, { keys, to: 1 + index })),
  )
  const leaf = await leafOf(first)
  const began = performance.now()
  t.equal(until([leaf, ...loop]), undefined)
  t.ok(performance.now() - began < 2_000)
})
