import type { KubernetesObject } from '#src/api/object.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { isAppliedBy } from '#src/lib/slim.ts'

/** Whether an object was made by somebody else, and only happens to have the name of one of ours. */
export const isForeign = (live: KubernetesObject, manager: string): boolean =>
  !live.metadata.managedFields?.some(isAppliedBy(manager))

/** What somebody edited since it was applied, as the API server words it; undefined for any other error. */
export function editsIn(error: unknown): readonly string[] | undefined {
  if (!(error instanceof ApiError)) return undefined
  const causes = (error.details.causes ?? []).filter(
    ({ reason }) => reason === 'FieldManagerConflict',
  )
  if (causes.length === 0) return undefined
  return causes.map(({ field = '', message = '' }) => `${field}: ${message}`)
}
