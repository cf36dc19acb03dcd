import type { KubernetesObject } from '#src/api/object.ts'
import { isAsLeftBy } from '#src/lib/projection.ts'

/** The name of the Deployment, and so its field manager. */
export const NAME = 'grants-controller'

/** Whether nobody else has taken over a field that this Deployment applied. */
export const isAsWeLeftIt = (object: KubernetesObject, field: string): boolean =>
  isAsLeftBy(NAME, object, field)
