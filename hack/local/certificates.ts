import 'reflect-metadata'
import { KeyObject, randomBytes, webcrypto, X509Certificate as Parsed } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

export type Pair = { readonly cert: string; readonly key: string }

export type Leaf = {
  readonly commonName: string
  readonly organization?: string
  readonly usages: readonly ('client' | 'server')[]
  readonly dns?: readonly string[]
  readonly ips?: readonly string[]
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 24 * 3600_000
const caDays = 3650
const leafDays = 365
const renewalDays = 30

cryptoProvider.set(webcrypto)

export async function issueCa(commonName: string, now: Date): Promise<Pair> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(now, caDays),
    serialNumber: serial(),
    name: [{ CN: [commonName] }],
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: pem(certificate), key: pemKey(keys.privateKey) }
}

export async function issueLeaf(ca: Pair, leaf: Leaf, now: Date): Promise<Pair> {
  const issuer = new X509Certificate(ca.cert)
  const keys = await newKeys()
  const names = [
    ...(leaf.dns ?? []).map(value => ({ type: 'dns' as const, value })),
    ...(leaf.ips ?? []).map(value => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.create({
    ...validity(now, leafDays),
    serialNumber: serial(),
    subject: subject(leaf),
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await signingKey(ca.key),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(
        leaf.usages.map(
          usage => ExtendedKeyUsage[usage === 'client' ? 'clientAuth' : 'serverAuth'],
        ),
      ),
      await AuthorityKeyIdentifierExtension.create(issuer),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ],
  })
  return { cert: pem(certificate), key: pemKey(keys.privateKey) }
}

/** Keys that sign service account tokens; a public key is all the API server needs to check them. */
export async function newKeyPair(): Promise<{ key: string; publicKey: string }> {
  const keys = await newKeys()
  const publicKey = KeyObject.from(keys.publicKey)
    .export({ type: 'spki', format: 'pem' })
    .toString()
  return { key: pemKey(keys.privateKey), publicKey }
}

/** Good for another month, and signed by this CA: restored or mixed-up folders are made anew instead of failing later. */
export function isCurrent(cert: string, ca: string, now: Date): boolean {
  try {
    const parsed = new Parsed(cert)
    const lasts = new Date(parsed.validTo).getTime() - now.getTime()
    return (
      lasts > renewalDays * day &&
      new Date(parsed.validFrom) <= now &&
      parsed.verify(new Parsed(ca).publicKey)
    )
  } catch {
    return false
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function signingKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  // An hour back: machines that share a home or a container may disagree about the time.
  return {
    notBefore: new Date(now.getTime() - 3600_000),
    notAfter: new Date(now.getTime() + days * day),
  }
}

function subject({ commonName, organization }: Leaf): JsonName {
  return [...(organization ? [{ O: [organization] }] : []), { CN: [commonName] }]
}

/** Positive and never 0: the first byte stays between 1 and 127. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x01
  return bytes.toString('hex')
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

function pemKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
