import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Where work runs. */
export const runner: Deployment = {
  name: 'runner-controller',
  controllers: [configured(RunnerPool)],
}
