import type { ControlPlane } from '#hack/local/control-plane.ts'
import { startKyverno, type Kyverno } from '#hack/local/kyverno/kyverno.ts'
import type { Progress } from '#hack/local/progress.ts'

/**
 * Kyverno's admission controller alone, made lighter where that costs a review.
 *
 * Left out are admission reports (an object written to etcd before the answer)
 * and events: it is to be measured deciding.
 */
export const startAdmission = (controlPlane: ControlPlane, progress: Progress): Promise<Kyverno> =>
  startKyverno(controlPlane, {
    names: ['admission'],
    flags: {
      admission: [
        '--admissionReports=false',
        '--omitEvents=PolicyApplied,PolicySkipped,PolicyViolation',
      ],
    },
    progress,
  })
