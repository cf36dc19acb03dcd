import type { X509Certificate } from 'node:crypto'
import type { UserInfo } from '#src/api/admission/v1.ts'

/** Where a certificate carries the uid of its user (Kubernetes' own object identifier). */
const UID = '1.3.6.1.4.1.57683.2'

/** Who a certificate says he is: CN is the user, every O a group. undefined where it names nobody, or has several uids. */
export function certificateUser(certificate: X509Certificate): UserInfo | undefined {
  const subject = subjectOf(certificate)
  const username = commonName(certificate)
  const uids = subject(UID)
  if (username === '' || uids.length > 1 || uids[0] === '') return undefined
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  return {
    username,
    ...(uids[0] !== undefined && { uid: uids[0] }),
    groups: [...subject('O')],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  }
}

/** '' where there is none; the last one of several, as Go has it. */
export const commonName = (certificate: X509Certificate): string =>
  subjectOf(certificate)('CN').at(-1) ?? ''

type Subject = Readonly<Record<string, string | readonly string[]>>

/** A connection has the same certificate for all its requests, and reading it takes longer than many of them. */
const read = new WeakMap<X509Certificate, Subject>()

/** The parts of the subject by type, as they are: the text of it would have to be unescaped. */
function subjectOf(certificate: X509Certificate): (type: string) => readonly string[] {
  const subject = read.get(certificate) ?? readSubject(certificate)
  read.set(certificate, subject)
  return type => {
    const value = Object.hasOwn(subject, type) ? subject[type] : undefined
    if (value === undefined) return []
    return typeof value === 'string' ? [value] : value
  }
}

const readSubject = (certificate: X509Certificate): Subject => ({
  ...(certificate.toLegacyObject() as { readonly subject?: Subject }).subject,
})
