import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Logger } from '#src/lib/log.ts'
import { serviceUnavailable, StatusError } from '../status-error.ts'
import type { Authenticator } from './auth.ts'
import type { AuthenticationConfig } from './authentication-config.ts'
import { trustedUntil } from './certificate-chain.ts'
import { certificateUser, commonName } from './client-certificate.ts'
import { isAllowedProxy, remoteUser, type Headers } from './front-proxy.ts'
import { peerCertificates } from './peer.ts'
import { bearerToken, type Tokens } from './token.ts'
import { anonymous, authenticated } from './user.ts'

/** What a request says about who sends it. */
export interface Credentials {
  readonly headers: Headers
  /** What the client presented, leaf first. The same array for the same connection. */
  readonly certificates: readonly X509Certificate[]
}

export interface AuthenticatorOptions {
  /** Whom to believe; undefined while nobody knows yet. */
  readonly config: () => AuthenticationConfig | undefined
  readonly tokens: Tokens
  readonly log: Pick<Logger, 'debug'>
  /** By which certificates are valid; the system's unless told otherwise. */
  readonly now?: () => Date
}

/** Says who asks, by front proxy, client certificate or token, in this order. */
export const authenticator = (options: AuthenticatorOptions): Authenticator => {
  const identify = identifier(options)
  return {
    authenticate: request => identify(credentialsOf(request)),
  }
}

const credentialsOf = (request: IncomingMessage): Credentials => ({
  headers: request.headersDistinct,
  certificates: peerCertificates(request),
})

/**
 * The same on what a request says. The first that holds counts, as in kube-apiserver: a certificate
 * that is no good is an answer of 401 only where no token is, and whoever presents nothing is
 * anonymous.
 */
export function identifier({ config, tokens, log, now = () => new Date() }: AuthenticatorOptions) {
  const trusted = trustOfConnections(now)

  return async ({ headers, certificates }: Credentials): Promise<UserInfo> => {
    let refused = ''
    const [leaf] = certificates
    if (leaf) {
      const known = config()
      if (!known) throw serviceUnavailable('who may present certificates is not known yet')
      const user = byCertificate(leaf, headers, known, list => trusted(certificates, list))
      if (typeof user === 'object') return admitted(user, headers)
      refused = user
    }
    const token = bearerToken(headers['authorization']?.[0])
    if (token !== undefined) {
      const user = await tokens(token)
      if (user) return admitted(user, headers)
      refused = 'invalid bearer token'
    }
    if (refused === '') return admitted(anonymous, headers)
    log.debug({ reason: refused }, 'unable to authenticate the request')
    throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  }
}

/** The user, '' where the certificate says nothing, or why it is no good. */
function byCertificate(
  leaf: X509Certificate,
  headers: Headers,
  config: AuthenticationConfig,
  trusted: (authorities: readonly X509Certificate[]) => boolean,
): UserInfo | string {
  const { frontProxyAuthorities, clientAuthorities } = config
  let refused = ''
  if (frontProxyAuthorities.length > 0) {
    if (!trusted(frontProxyAuthorities)) refused = 'the certificate is of no front proxy'
    else if (!isAllowedProxy(commonName(leaf), config.headers))
      refused = 'the name of the certificate is not among those of front proxies'
    else {
      const user = remoteUser(headers, config.headers)
      if (user) return user
    }
  }
  if (clientAuthorities.length === 0) return refused
  if (!trusted(clientAuthorities)) return 'the certificate is of no user'
  return certificateUser(leaf) ?? refused
}

/**
 * Whether certificates are good at this moment. A connection is judged once for every list of
 * authorities, and again when something it stands on has expired.
 */
function trustOfConnections(clock: () => Date) {
  type Verdict = { readonly until: Date | undefined }
  const verdicts = new WeakMap<object, WeakMap<object, Verdict>>()
  return (
    certificates: readonly X509Certificate[],
    authorities: readonly X509Certificate[],
  ): boolean => {
    const now = clock()
    const known = verdicts.get(certificates) ?? new WeakMap<object, Verdict>()
    const old = known.get(authorities)
    if (old && (!old.until || now < old.until)) return old.until !== undefined
    const until = trustedUntil(certificates, authorities, now)
    verdicts.set(certificates, known.set(authorities, { until }))
    return until !== undefined
  }
}

const IMPERSONATION = /^impersonate-(user|group|uid|extra-.*)$/

/**
 * kube-apiserver answers for impersonation before it passes a request on, and takes these headers
 * away. Whoever sends them here wants to be somebody else, and must not be taken for himself.
 */
function admitted(user: UserInfo, headers: Headers): UserInfo {
  const header = Object.keys(headers).find(name => IMPERSONATION.test(name))
  if (header === undefined) return authenticated(user)
  throw new StatusError(
    403,
    'Forbidden',
    `forbidden: header ${header}: impersonation goes through kube-apiserver alone`,
  )
}
