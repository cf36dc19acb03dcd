import type {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { descriptorOf, type Interface, type WebhookSignature } from './registry.ts'

/** An ExternalBackendProvider, and what may say something about it. */
export interface Known {
  readonly provider: ExternalBackendProvider
  /** All of its organisation. */
  readonly manifests: readonly ExternalProviderCapabilityManifest[]
}

/**
 * The operations by which an interface of a provider can be written, or undefined where it
 * does not have the interface (R169, R170).
 *
 * What is said nearest to the provider counts: spec.capabilities may switch an interface off;
 * a manifest of the provider adds interfaces, and replaces the operations of those it lists
 * them for; then comes its type. Of a type that nobody describes, spec.capabilities is the
 * one word there is, and no more than reading follows from it.
 */
export function writesOf(known: Known, name: Interface): readonly string[] | undefined {
  const { providerType, capabilities } = known.provider.spec
  if (capabilities?.[name] === false) return undefined
  const described = describing(known)
  const shipped = descriptorOf(providerType)?.interfaces[name]
  for (const manifests of described) {
    const lists = manifests.flatMap(({ spec }) => spec.capabilities[name]?.operations ?? [])
    const stated = manifests.some(({ spec }) => spec.capabilities[name]?.operations !== undefined)
    if (stated)
      return lists
        .filter(({ supported, write }) => supported && write)
        .map(operation => operation.name)
  }
  const named = described
    .flat()
    .some(({ spec }) => spec.interfaces?.includes(name) || spec.capabilities[name] !== undefined)
  const declared = capabilities?.[name] === true && !descriptorOf(providerType)
  return shipped ?? (named || declared ? [] : undefined)
}

/** How deliveries of a provider can be verified, as its own manifest or its type says; undefined where nobody does (R171). */
export function signatureOf(known: Known): WebhookSignature | undefined {
  const said = describing(known)
    .flat()
    .find(({ spec }) => spec.webhookSignature !== undefined)
  return (
    said?.spec.webhookSignature ?? descriptorOf(known.provider.spec.providerType)?.webhookSignature
  )
}

/** The manifests of a provider, then those of its type; a type that is shipped is nobody's to describe. */
function describing({ provider, manifests }: Known) {
  const { providerType } = provider.spec
  const own = manifests.filter(({ spec }) => spec.providerRef === provider.metadata.name)
  const ofType = descriptorOf(providerType)
    ? []
    : manifests.filter(({ spec }) => spec.providerType === providerType)
  return [own, ofType]
}
