import {
  ExternalBackendBinding,
  ExternalBackendProvider,
  ExternalBackendSyncPolicy,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Forges, trackers and pipelines of others. */
export const external: Deployment = {
  name: 'external-controller',
  controllers: [
    ExternalBackendBinding,
    ExternalBackendProvider,
    ExternalBackendSyncPolicy,
    ExternalProviderCapabilityManifest,
  ].map(kind => configured(kind)),
}
