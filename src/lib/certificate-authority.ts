import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A serving certificate with the authority made for it alone. All PEM. */
export interface Issued {
  /** The CA certificate, for caBundle. Its key is thrown away once the leaf is signed: there is nothing to steal. */
  readonly ca: string
  readonly certificate: string
  /** PKCS#8. A secret. */
  readonly key: string
}

/** How far back a certificate is dated, so that a clock that is behind accepts it: a tenth of its life, at most 5 minutes. */
export const backdate = (lifetimeMs: number): number => Math.min(5 * 60_000, lifetimeMs / 10)

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a CA and a leaf for the given host names and IP addresses, valid for `lifetimeMs` from `now`. */
export async function issue(options: {
  /** Common name of the leaf, and the beginning of that of the CA. */
  readonly name?: string
  readonly hosts: readonly string[]
  readonly lifetimeMs: number
  readonly now: Date
}): Promise<Issued> {
  x509.cryptoProvider.set(webcrypto)
  const { name = 'kradle-webhook' } = options
  const notBefore = new Date(options.now.getTime() - backdate(options.lifetimeMs))
  const notAfter = new Date(options.now.getTime() + options.lifetimeMs)
  const [caKeys, leafKeys] = await Promise.all([newKeys(), newKeys()])
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    // A name of its own, or two authorities in one bundle could not be told apart.
    name: `CN=${name}-ca-${options.now.getTime()}`,
    notBefore,
    notAfter,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: ca.subject,
    notBefore,
    notAfter,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        options.hosts.map(value => ({ type: isAddress(value) ? 'ip' : 'dns', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)
  return {
    ca: `${ca.toString('pem')}\n`,
    certificate: `${leaf.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
  }
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host)
