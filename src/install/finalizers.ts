import { PREFIX } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** The finalizers that are left without ours, which nobody would take off any more; undefined where there is none of ours. */
export function withoutOurs({ metadata }: KubernetesObject): readonly string[] | undefined {
  const { finalizers = [] } = metadata
  const others = finalizers.filter(finalizer => !finalizer.startsWith(PREFIX))
  return others.length < finalizers.length ? others : undefined
}
