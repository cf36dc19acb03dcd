import type { X509Certificate } from 'node:crypto'
import { backdate } from '#src/lib/certificate-authority.ts'
import { isTrusted, isValid, parseBundle } from '#src/lib/pem.ts'

/** What the Secret holds; all PEM. `next` is signed and published before it serves. */
export interface ServingSecret {
  /** '' where it was lost. */
  readonly certificate: string
  readonly key: string
  /** Every authority that clients should trust now. */
  readonly bundle: string
  readonly next?: { readonly certificate: string; readonly key: string }
}

/** What has to happen now, and when to look again (ms from now). */
export type Step =
  | { readonly do: 'issue'; readonly next: boolean }
  | { readonly do: 'switch'; readonly secret: ServingSecret }
  | { readonly do: 'trim'; readonly secret: ServingSecret }
  | { readonly do: 'wait'; readonly ms: number }

/**
 * The order that never leaves a client with a certificate it does not trust:
 * publish the new authority, wait until every configuration carries it and the API
 * servers have had time to see that, serve the new leaf, and drop the old
 * authority once it has expired. `published` are the caBundles as they stand in
 * the live configurations.
 *
 * The same order holds where the Secret was lost: the webhook servers go on with
 * what they remember, and the API servers have to trust both until they let go of it.
 */
export function nextStep(
  secret: ServingSecret | undefined,
  published: readonly string[],
  now: Date,
): Step {
  const remembered = aliveIn(published, now) !== ''
  if (!secret) return { do: 'issue', next: remembered }
  const [leaf] = parseBundle(secret.certificate)
  const serving = leaf && isValid(leaf, now) && isTrusted(leaf, secret.bundle, now)

  if (secret.next) {
    const [next] = parseBundle(secret.next.certificate)
    if (!next || !isValid(next, now) || !isTrusted(next, secret.bundle, now))
      return { do: 'issue', next: serving || remembered }
    const carried = published.length > 0 && published.every(bundle => isTrusted(next, bundle, now))
    const issued = next.validFromDate.getTime() + margin(next)
    // A server that starts meanwhile has nothing to serve where the Secret was lost.
    const settled = issued + (serving ? margin(next) : Math.min(margin(next), SEEN_MS))
    if (!carried) return { do: 'wait', ms: RETRY_MS }
    if (now.getTime() < settled) return { do: 'wait', ms: settled - now.getTime() }
    const { next: taken, ...rest } = secret
    return { do: 'switch', secret: { ...rest, ...taken } }
  }
  if (!serving) return { do: 'issue', next: remembered }

  const alive = parseBundle(secret.bundle).filter(ca => now < ca.validToDate)
  if (alive.length < parseBundle(secret.bundle).length)
    return {
      do: 'trim',
      secret: { ...secret, bundle: alive.map(ca => ca.toString()).join('') },
    }

  const renewAt = leaf.validFromDate.getTime() + (lifetime(leaf) * 2) / 3
  if (renewAt <= now.getTime()) return { do: 'issue', next: true }
  const times = [renewAt, ...alive.map(ca => ca.validToDate.getTime())]
  return { do: 'wait', ms: Math.min(...times) - now.getTime() }
}

/** The bundle of the Secret, where configurations may carry it: nobody must be told to trust less than what serves. */
export function publishable(secret: ServingSecret | undefined, now: Date): string | undefined {
  if (!secret) return undefined
  const { certificate, bundle, next } = secret
  // Where nothing can serve from here, the bundle is for the one that comes next.
  const leaf = [certificate, next?.certificate ?? '']
    .flatMap(pem => parseBundle(pem).slice(0, 1))
    .find(each => isValid(each, now))
  return leaf && isTrusted(leaf, bundle, now) ? bundle : undefined
}

/** The authorities of all bundles together that have not expired, each once. */
export function aliveIn(bundles: readonly string[], now: Date): string {
  const alive = bundles.flatMap(parseBundle).filter(ca => isValid(ca, now))
  return [...new Set(alive.map(ca => ca.toString()))].join('')
}

/** How long an API server may take to see a configuration that was just written. */
const SEEN_MS = 5_000

/** Nothing tells us that an API server has read a configuration; this often we look whether it is written at all. */
const RETRY_MS = 1_000

const lifetime = (certificate: X509Certificate): number =>
  certificate.validToDate.getTime() - certificate.validFromDate.getTime()

/** The backdating, and once more as much for the API servers to see the new bundle. */
const margin = (certificate: X509Certificate): number => backdate(lifetime(certificate))
