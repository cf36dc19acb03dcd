import 'reflect-metadata'
import type { X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { isValid } from '#src/lib/pem.ts'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const ANY_USAGE = '2.5.29.37.0'
const NAME_CONSTRAINTS = '2.5.29.30'

/** Extensions that OpenSSL or this file look at; a critical one that nobody looks at spoils a certificate. */
const UNDERSTOOD = new Set([
  '2.5.29.14', // subject key identifier
  '2.5.29.15', // key usage
  '2.5.29.17', // subject alternative name
  '2.5.29.19', // basic constraints
  '2.5.29.35', // authority key identifier
  '2.5.29.37', // extended key usage
])

/** Signature algorithms that nobody should believe any more. */
const FORGEABLE = /sha1|md[245]/i

/** As in Go: whoever sends certificates must not choose how long we calculate. */
const MOST_SIGNATURES = 100

/**
 * Whether a client may use what it presented (the leaf, then whatever it sent along) under one
 * of the authorities: until when (exclusive), or undefined where not. The rules are those of
 * Go's x509.Verify for client authentication, but for certificates with name constraints, which
 * are refused. Neither dates, usages nor signatures have been looked at by the TLS layer.
 */
export function trustedUntil(
  presented: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: Date,
): Date | undefined {
  const [leaf, ...intermediates] = presented
  if (!leaf || !fits(leaf, now)) return undefined
  if (authorities.some(authority => authority.raw.equals(leaf.raw))) return leaf.validToDate

  let signatures = 0
  const signed = (child: X509Certificate, parent: X509Certificate): boolean =>
    child.checkIssued(parent) &&
    !FORGEABLE.test(String(child.signatureAlgorithm)) &&
    ++signatures <= MOST_SIGNATURES &&
    child.verify(parent.publicKey)

  const complete = (chain: readonly X509Certificate[]): Date | undefined => {
    const child = chain.at(-1)!
    const above = (candidates: readonly X509Certificate[]) =>
      candidates.filter(
        each =>
          !chain.some(({ raw }) => raw.equals(each.raw)) &&
          mayIssue(each, chain.length - 1, now) &&
          signed(child, each),
      )
    const [authority] = above(authorities)
    if (authority) return earliest([...chain, authority])
    for (const intermediate of above(intermediates)) {
      const until = complete([...chain, intermediate])
      if (until) return until
    }
    return undefined
  }
  return complete([leaf])
}

/** Whether a certificate may stand anywhere in the chain of a client. */
function fits(certificate: X509Certificate, now: Date): boolean {
  if (!isValid(certificate, now)) return false
  // Node calls extended key usages so. Who names none may do anything.
  const { keyUsage: usages } = certificate
  if (usages?.length && !usages.includes(CLIENT_AUTH) && !usages.includes(ANY_USAGE)) return false
  return extensionsOf(certificate).every(({ type, critical }) => !critical || UNDERSTOOD.has(type))
}

/** `below` is the number of intermediates between it and the leaf. */
function mayIssue(certificate: X509Certificate, below: number, now: Date): boolean {
  if (!certificate.ca || !fits(certificate, now)) return false
  const extensions = extensionsOf(certificate)
  if (extensions.some(({ type }) => type === NAME_CONSTRAINTS)) return false
  const constraints = extensions.find(each => each instanceof x509.BasicConstraintsExtension)
  return below <= (constraints?.pathLength ?? Number.POSITIVE_INFINITY)
}

/**
 * Reading them takes most of the time, and certificates come again with every connection: the front proxy has one
 * for every watch. By fingerprint, the ones used last.
 */
const read = new Map<string, readonly x509.Extension[]>()
const MOST_READ = 100

function extensionsOf(certificate: X509Certificate): readonly x509.Extension[] {
  const { fingerprint256, raw } = certificate
  const extensions = read.get(fingerprint256) ?? new x509.X509Certificate(raw).extensions
  read.delete(fingerprint256)
  read.set(fingerprint256, extensions)
  const [oldest] = read.keys()
  if (read.size > MOST_READ) read.delete(oldest!)
  return extensions
}

const earliest = (chain: readonly X509Certificate[]): Date =>
  chain.map(({ validToDate }) => validToDate).reduce((a, b) => (a < b ? a : b))
