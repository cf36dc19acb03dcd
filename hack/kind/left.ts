import type { KubernetesObject } from '#src/api/object.ts'

/** As much of an object as says whether it is Kradle's. */
export type Found = Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>

/** Whether an object is of Kradle: by its label, its name, or somebody waiting for Kradle before it may go. */
export function isOurs({ kind, metadata }: Found): boolean {
  // Nodes are named after their cluster, which may be called so as well.
  if (/^(?:CSI)?Node$/.test(kind) || metadata.namespace === 'kube-node-lease') return false
  const { name, labels = {}, finalizers = [] } = metadata
  return (
    labels['app.kubernetes.io/part-of'] === 'kradle' ||
    labels['app.kubernetes.io/managed-by'] === 'kradle' ||
    /^kradle(?:[-.:]|$)|kradle\.a5c\.ai/.test(name) ||
    finalizers.some(finalizer => finalizer.startsWith('kradle.a5c.ai/'))
  )
}

/**
 * Whether it is kept on purpose when Kradle is uninstalled: definitions, and what is data. The rest would be in
 * somebody's way.
 */
export function isKept({ apiVersion, kind, metadata }: Found): boolean {
  if (metadata.finalizers?.some(finalizer => finalizer.startsWith('kradle.a5c.ai/'))) return false
  if (kind === 'CustomResourceDefinition' || kind === 'Namespace') return true
  // The API server's own, for the group of the definitions.
  if (metadata.labels?.['kube-aggregator.kubernetes.io/automanaged']) return true
  const { namespace = '', name } = metadata
  // Of an organisation, everything is its own.
  if (namespace.startsWith('kradle-org-')) return true
  // kradle-system keeps organisations and other configuration, and what is in PostgreSQL.
  if (namespace !== 'kradle-system') return false
  return (
    kind === 'PersistentVolumeClaim' ||
    (kind === 'Secret' && name === 'kradle-postgresql') ||
    (kind === 'ConfigMap' && name === 'kube-root-ca.crt') ||
    (apiVersion ?? '').startsWith('kradle.a5c.ai/')
  )
}
