import {
  ExternalObjectLink,
  ExternalSyncConflict,
  ExternalSyncEvent,
  ExternalSyncState,
  ExternalWebhookDelivery,
  ExternalWriteIntent,
} from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { LABEL_REPOSITORY, PREFIX } from '#src/api/names.ts'
import { mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'

/** What is written about a provider: deliveries, events, states, intents, conflicts and links. */
export const externalActivity: readonly Kind[] = [
  ExternalObjectLink,
  ExternalSyncConflict,
  ExternalSyncEvent,
  ExternalSyncState,
  ExternalWebhookDelivery,
  ExternalWriteIntent,
]

/** The labels that external objects are found by, as far as their spec says what they are (R184). */
export function labelsOf(spec: Untyped): Readonly<Record<string, string>> {
  const { owner, repository } = { ...mapOf(spec['source']), ...mapOf(spec['nativeTarget']) }
  const hints = spec['interfaceHints']
  const said: Record<string, unknown> = {
    [`${PREFIX}provider`]: spec['providerRef'],
    [`${PREFIX}interface`]:
      spec['interface'] ??
      mapOf(spec['external'])['interface'] ??
      (Array.isArray(hints) && hints.length === 1 ? (hints as unknown[])[0] : undefined),
    [LABEL_REPOSITORY]: repository,
    [`${PREFIX}external-owner`]: owner,
  }
  return Object.fromEntries(
    Object.entries(said)
      .map(([label, value]) => [label, textOf(value)] as const)
      .filter(([, value]) => isLabelValue(value)),
  )
}

/** What cannot be a label is none: the spec says it all the same. */
const isLabelValue = (value: string): boolean =>
  value.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(value)
