import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, Status } from '#src/api/object.ts'
import { readyWhen } from './conditions.ts'
import { controller, type Controller } from './controller.ts'
import { missingFrom, referenceWatches, resolvedCondition } from './reference-conditions.ts'

export interface ConfiguredOptions {
  /**
   * status.phase, where the kind has words of its own; otherwise Ready where everything is
   * there that an object names, and Pending until then. `before` is the phase it has.
   */
  readonly phase?: (isReady: boolean, before: string | undefined) => string
}

/**
 * The controller of a kind that configures something and needs nothing made for it: it says
 * on every object whether what the object names is there (R33), under ReferencesResolved and
 * Ready, and again whenever one of those comes or goes.
 */
export const configured = (
  kind: Kind,
  { phase = isReady => (isReady ? 'Ready' : 'Pending') }: ConfiguredOptions = {},
): Controller =>
  controller(kind, {
    name: kind.kind.toLowerCase(),
    watches: referenceWatches(kind),
    writes: [],
    reconcile(object: KubernetesObject & { status?: Status }, cluster) {
      const missing = missingFrom(kind, object, cluster)
      return {
        status: {
          phase: phase(missing.length === 0, object.status?.phase),
          conditions: readyWhen(
            [resolvedCondition('ReferencesResolved', missing)],
            'AllResolved',
            'Everything that is named exists',
          ),
        },
      }
    },
  })
