/** admissionregistration.k8s.io/v1 WebhookClientConfig. */
export interface ClientConfig {
  readonly url?: string
  readonly service?: {
    readonly namespace: string
    readonly name: string
    readonly path?: string
    readonly port?: number
  }
  /** base64 of PEM. */
  readonly caBundle?: string
}

/** Where a webhook is. */
export interface Address {
  readonly url: URL
  /** As Go writes it: without the default port, and with no path where there is none. */
  readonly text: string
  /** PEM; undefined are the authorities that the system trusts. */
  readonly ca: string | undefined
}

/** Throws with what is wrong with it. */
export function addressOf({ url, service, caBundle }: ClientConfig): Address {
  const ca = caBundle ? Buffer.from(caBundle, 'base64').toString('utf8') : undefined
  if (service) {
    const { name, namespace, path = '', port = 443 } = service
    const text = `https://${name}.${namespace}.svc:${port}${path && !path.startsWith('/') ? '/' : ''}${path}`
    return { url: new URL(text), text, ca }
  }
  if (!url) throw new Error('webhook configuration must have either service or URL')
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:') throw new Error(`Unparsable URL: ${url}`)
  return { url: parsed, text: url.replace(/[?#].*$/, ''), ca }
}
