/** What a provider's discovery document came to; `issuer` is the only word of it that anybody sees. */
export type Discovery =
  | { readonly result: 'Discovered'; readonly issuer: string }
  | { readonly result: 'IssuerMismatch'; readonly issuer: string }
  | { readonly result: 'MalformedDocument'; readonly why: string }
  | { readonly result: 'Unreachable'; readonly why: string }

const WELL_KNOWN = '/.well-known/openid-configuration'

/** Where the discovery document of an issuer is (OpenID Connect Discovery 1.0, section 4); undefined where the issuer is no address. */
export const documentOf = (issuer: string): URL | undefined =>
  URL.parse(issuer.replace(/\/$/, '') + WELL_KNOWN) ?? undefined

const ISSUER = /^https:\/\/[\x21-\x7e]{1,2040}$/

/** Judges a discovery document: it has to name exactly the issuer that was asked (section 4.3). */
export function discover(issuer: string, document: string): Discovery {
  const fields = parse(document)
  if (!fields) return malformed('it is not a JSON object')
  const stated = fields['issuer']
  if (typeof stated !== 'string' || !ISSUER.test(stated))
    return malformed('its issuer is not an https address')
  if (stated !== issuer) return { result: 'IssuerMismatch', issuer: stated }
  const lacking = ['authorization_endpoint', 'jwks_uri'].filter(
    name => typeof fields[name] !== 'string',
  )
  if (lacking.length > 0) return malformed(`it lacks ${lacking.join(' and ')}`)
  return { result: 'Discovered', issuer: stated }
}

const malformed = (why: string): Discovery => ({ result: 'MalformedDocument', why })

function parse(document: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(document)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
