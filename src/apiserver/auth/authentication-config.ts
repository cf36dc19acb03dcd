import type { X509Certificate } from 'node:crypto'
import { parseBundle } from '#src/lib/pem.ts'

/** How the front proxy says for whom it asks. Names of headers are in lower case, as Node has them. */
export interface RemoteHeaders {
  /** Common names that a front proxy may have; none is any. */
  readonly allowedNames: readonly string[]
  readonly username: readonly string[]
  readonly uid: readonly string[]
  readonly group: readonly string[]
  readonly extraPrefixes: readonly string[]
}

/** Whom to believe. Never changed: another one takes its place. */
export interface AuthenticationConfig {
  /** Authorities of front proxies; without any, no header is believed. */
  readonly frontProxyAuthorities: readonly X509Certificate[]
  readonly headers: RemoteHeaders
  /** Authorities of users who come with a certificate of their own. */
  readonly clientAuthorities: readonly X509Certificate[]
}

/** Believes nobody. */
export const nobody: AuthenticationConfig = Object.freeze({
  frontProxyAuthorities: [],
  headers: { allowedNames: [], username: [], uid: [], group: [], extraPrefixes: [] },
  clientAuthorities: [],
})

/**
 * What the ConfigMap says. A part that is missing or cannot be read stays as it was, as in
 * kube-apiserver: half a change must not lock everybody out, nor let anybody in.
 */
export function readAuthenticationConfig(
  data: Readonly<Record<string, string>>,
  last: AuthenticationConfig,
): AuthenticationConfig {
  const authorities = (key: string) => parseBundle(data[key] ?? '')
  const orLast = <T>(list: readonly T[], old: readonly T[]) => (list.length > 0 ? list : old)
  return {
    frontProxyAuthorities: orLast(
      authorities('requestheader-client-ca-file'),
      last.frontProxyAuthorities,
    ),
    headers: readHeaders(data) ?? last.headers,
    clientAuthorities: orLast(authorities('client-ca-file'), last.clientAuthorities),
  }
}

/** undefined where any of it cannot be read: names of one time must not meet headers of another. */
function readHeaders(data: Readonly<Record<string, string>>): RemoteHeaders | undefined {
  const list = (key: string): string[] => {
    const value: unknown = JSON.parse(data[`requestheader-${key}`] || 'null')
    if (value === null) return []
    if (!Array.isArray(value) || !value.every(each => typeof each === 'string'))
      throw new TypeError(`requestheader-${key} is no list of strings`)
    return value
  }
  const headers = (key: string) => list(key).map(name => name.trim().toLowerCase())
  try {
    return {
      allowedNames: list('allowed-names'),
      username: headers('username-headers'),
      uid: headers('uid-headers'),
      group: headers('group-headers'),
      extraPrefixes: headers('extra-headers-prefix'),
    }
  } catch {
    return undefined
  }
}
