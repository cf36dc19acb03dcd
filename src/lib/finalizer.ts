import type { KubernetesObject } from '#src/api/object.ts'

/** The list of finalizers that holds or releases an object, or undefined where it is as it should be. */
export function finalizersFor(
  object: KubernetesObject,
  finalizer: string,
  wish: 'hold' | 'release',
): string[] | undefined {
  const { finalizers = [], deletionTimestamp } = object.metadata
  const held = finalizers.includes(finalizer)
  if (wish === 'release') return held ? finalizers.filter(other => other !== finalizer) : undefined
  // The API server takes no new ones once an object is on its way out.
  return held || deletionTimestamp ? undefined : [...finalizers, finalizer]
}
