import { X509Certificate } from 'node:crypto'
import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { isTrusted, isValid } from '#src/lib/pem.ts'

/** Seconds without a sign from the API server after which decisions would stand on old news. Bookmarks come every 60. */
export const MAX_STALENESS_SECONDS = 180

/**
 * Why the server should not be asked yet, or undefined. The certificate counts as
 * good only when the live configurations trust it: an API server that reaches us
 * with a CA that did not sign our leaf refuses every write.
 */
export function unreadiness(state: {
  readonly synced: boolean
  readonly stalenessSeconds: number
  /** PEM of the leaf being served. */
  readonly certificate: string | undefined
  readonly configurations: readonly (WebhookConfiguration | undefined)[]
  readonly stopping: boolean
  readonly now: Date
}): string | undefined {
  if (state.stopping) return 'stopping'
  if (!state.synced) return 'the watches have not seen everything yet'
  if (state.stalenessSeconds > MAX_STALENESS_SECONDS) return 'the watches are out of touch'
  if (!state.certificate) return 'no certificate yet'
  const leaf = new X509Certificate(state.certificate)
  if (!isValid(leaf, state.now)) return 'the certificate is not valid at this time'
  for (const configuration of state.configurations) {
    const webhooks = configuration?.webhooks ?? []
    if (webhooks.length === 0) return 'a webhook configuration is missing'
    for (const { clientConfig } of webhooks) {
      const bundle = Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8')
      if (!isTrusted(leaf, bundle, state.now))
        return 'the live webhook configurations do not trust the certificate'
    }
  }
  return undefined
}
