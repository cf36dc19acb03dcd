import type { KubernetesObject } from '#src/api/object.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The object without what doubles its size and nobody decides on: who manages
 * which field, and kubectl's copy of the whole. The fields of one manager may be
 * kept, so that it can tell what it once applied. Changes its argument.
 */
export function slim<T extends KubernetesObject>(object: T, keepManager?: string): T {
  const { metadata } = object
  if (metadata.managedFields) {
    const kept =
      keepManager === undefined ? [] : metadata.managedFields.filter(isAppliedBy(keepManager))
    if (kept.length > 0) metadata.managedFields = kept
    else delete metadata.managedFields
  }
  if (metadata.annotations && LAST_APPLIED in metadata.annotations)
    delete metadata.annotations[LAST_APPLIED]
  return object
}

/** One entry of metadata.managedFields. */
export interface ManagedFields {
  readonly manager?: string
  readonly operation?: string
  readonly subresource?: string
  readonly fieldsV1?: object
}

/** Entries that a manager applied to the object itself, not to its status. */
export const isAppliedBy =
  (manager: string) =>
  (entry: unknown): boolean => {
    const fields = entry as ManagedFields
    return fields.manager === manager && fields.operation === 'Apply' && !fields.subresource
  }
