import { KradleInferenceService, KradleServingRuntime } from '#src/api/inference/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Models that are served here. */
export const inference: Deployment = {
  name: 'inference-controller',
  controllers: [KradleInferenceService, KradleServingRuntime].map(kind => configured(kind)),
}
