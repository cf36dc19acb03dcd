import type { APIService } from '#src/api/apiregistration/v1.ts'
import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** Objects that tell API servers whom to trust: webhook configurations by each webhook, an APIService by itself. */
type Trusting = Partial<Pick<WebhookConfiguration, 'webhooks'> & Pick<APIService, 'spec'>>

/** Every bundle that stands in an object, as PEM; '' where one is missing. */
export function bundlesIn(object: KubernetesObject | undefined): readonly string[] {
  return places(object).map(caBundle => Buffer.from(caBundle ?? '', 'base64').toString('utf8'))
}

/** The object with the bundle (PEM) in all its places; with none, each keeps what the live object has there. */
export function withBundle(
  object: KubernetesObject,
  bundle: string | undefined,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const kept = places(live)
  const caBundle = (index: number) =>
    bundle === undefined ? kept[index] : Buffer.from(bundle).toString('base64')
  const { webhooks, spec } = object as Trusting
  if (webhooks)
    return {
      ...object,
      webhooks: webhooks.map((webhook, index) => ({
        ...webhook,
        clientConfig: { ...webhook.clientConfig, caBundle: caBundle(index) },
      })),
    } as KubernetesObject
  return object.kind === 'APIService'
    ? ({ ...object, spec: { ...spec, caBundle: caBundle(0) } } as KubernetesObject)
    : object
}

function places(object: KubernetesObject | undefined): readonly (string | undefined)[] {
  const { webhooks = [], spec } = (object ?? {}) as Trusting
  return object?.kind === 'APIService'
    ? [spec?.caBundle]
    : webhooks.map(({ clientConfig }) => clientConfig.caBundle)
}
