import type { Secret } from '#src/api/core/v1.ts'
import { LABEL_PART_OF, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { ServingSecret } from './rotation.ts'

/** Reads the Secret; undefined where it is not there or holds no certificate, not even the next one. */
export function readServingSecret(secret: Secret | undefined): ServingSecret | undefined {
  const text = (key: string) => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8')
  const pair = (name: string) => {
    const [certificate, key] = [text(`${name}.crt`), text(`${name}.key`)]
    return certificate && key ? { certificate, key } : undefined
  }
  const serving = pair('tls')
  const next = pair('next')
  if (!serving && !next) return undefined
  return {
    ...(serving ?? { certificate: '', key: '' }),
    bundle: text('ca.crt'),
    ...(next && { next }),
  }
}

/** The Secret as it should be; the keys are those of type kubernetes.io/tls, so that cert-manager could write it as well. */
export function writeServingSecret(
  name: string,
  { certificate, key, bundle, next }: ServingSecret,
): Secret {
  const data = {
    'tls.crt': certificate,
    'tls.key': key,
    'ca.crt': bundle,
    ...(next && { 'next.crt': next.certificate, 'next.key': next.key }),
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: PLATFORM_NAMESPACE,
      labels: { [LABEL_PART_OF]: 'kradle' },
    },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(
      Object.entries(data).map(([file, pem]) => [file, Buffer.from(pem).toString('base64')]),
    ),
  }
}
