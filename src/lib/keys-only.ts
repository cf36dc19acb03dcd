import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** What `part: 'keys'` of a lookup leaves of a Secret or ConfigMap: which keys there are, no value (R60). */
export interface KeysOnly extends KubernetesObject {
  /** What a Secret says it is for. */
  readonly type?: string
  /** Names of keys, in order. */
  readonly keys: readonly string[]
}

/** The kind under which such an object is got out of a cluster. */
export const keysOnlyOf = (kind: Kind): Kind<KeysOnly> => kind as Kind<KeysOnly>

/**
 * A new object with nothing of the given one but what it is built from by name. Labels and
 * annotations are left behind: kubectl keeps a copy of everything in an annotation.
 */
export function keysOnly(object: KubernetesObject): KeysOnly {
  const { apiVersion, kind, metadata, type, data, binaryData } = object as KubernetesObject & {
    type?: string
    data?: Record<string, unknown>
    binaryData?: Record<string, unknown>
  }
  const { name, namespace, uid, resourceVersion } = metadata
  const { creationTimestamp, deletionTimestamp, managedFields } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
      ...(deletionTimestamp && { deletionTimestamp }),
      ...(managedFields && { managedFields }),
    },
    ...(type && { type }),
    keys: [...new Set([data, binaryData].flatMap(map => Object.keys(map ?? {})))].toSorted(),
  }
}
