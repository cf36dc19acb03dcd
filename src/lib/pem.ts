import { X509Certificate } from 'node:crypto'

/**
 * The certificates of a PEM bundle, in order. What cannot be read is passed over, as
 * the API server does: anybody with the right may have written it.
 */
export function parseBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  return blocks.flatMap(block => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })
}

/** Whether a leaf was signed by one of the authorities of a bundle that is valid at `now`. */
export function isTrusted(leaf: X509Certificate, bundle: string, now: Date): boolean {
  return parseBundle(bundle).some(
    ca => isValid(ca, now) && leaf.checkIssued(ca) && leaf.verify(ca.publicKey),
  )
}

export const isValid = (certificate: X509Certificate, now: Date): boolean =>
  certificate.validFromDate <= now && now < certificate.validToDate
