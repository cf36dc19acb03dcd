import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Secret } from '#src/api/core/v1.ts'
import { WEBHOOK_SECRET } from '#src/api/names.ts'
import type { Reflector } from '#src/lib/reflector.ts'

export interface Serving {
  /** PEM. */
  readonly cert: string
  /** PEM. A secret. */
  readonly key: string
  readonly expires: Date
}

/** The certificate in the Secret of that name, as the watch brings it. */
export function servingCertificate(
  secrets: Reflector<Secret>,
  name = WEBHOOK_SECRET,
): {
  readonly current: Serving | undefined
  /** Resolves once there is one. */
  readonly available: Promise<void>
  /** Told of the present one at once, and of every other after it. */
  onChange(handler: (serving: Serving) => void): void
} {
  const { promise, resolve } = Promise.withResolvers<void>()
  const handlers: ((serving: Serving) => void)[] = []
  let current: Serving | undefined
  secrets.onChange((_, secret) => {
    // A Secret that is gone or broken for a moment takes nothing away from a certificate that still serves.
    const read = secret?.metadata.name === name ? readServing(secret) : undefined
    if (!read || read.cert === current?.cert) return
    current = read
    resolve()
    for (const handler of handlers) handler(read)
  })
  return {
    get current() {
      return current
    },
    available: promise,
    onChange(handler) {
      handlers.push(handler)
      if (current) handler(current)
    },
  }
}

/** undefined where certificate or key are missing, unreadable or do not belong together. */
function readServing({ data = {} }: Secret): Serving | undefined {
  const cert = Buffer.from(data['tls.crt'] ?? '', 'base64').toString('utf8')
  const key = Buffer.from(data['tls.key'] ?? '', 'base64').toString('utf8')
  try {
    const leaf = new X509Certificate(cert)
    return leaf.checkPrivateKey(createPrivateKey(key))
      ? { cert, key, expires: leaf.validToDate }
      : undefined
  } catch {
    return undefined
  }
}
