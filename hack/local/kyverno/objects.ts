import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents, type Manifest } from '#hack/local/manifests.ts'

export const kyvernoNamespace = 'kyverno'

/** Where Kyverno judges nothing: what it and Kubernetes itself need to get up again. */
const leftOut = ['kube-system', kyvernoNamespace]

/** What its chart would make besides Deployments and definitions: a namespace, two ConfigMaps, accounts and their roles. */
export function kyvernoObjects(): readonly Manifest[] {
  const file = join(import.meta.dirname, 'rbac.yaml')
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: kyvernoNamespace } },
    configMap('kyverno', {
      enableDefaultRegistryMutation: 'true',
      defaultRegistry: 'registry.invalid',
      excludeGroups: 'system:nodes',
      generateSuccessEvents: 'false',
      resourceFilters: [...leftOut.map(name => `[*/*,${name},*]`), ...filtered].join(' '),
      webhooks: JSON.stringify({
        namespaceSelector: {
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: leftOut },
          ],
        },
      }),
    }),
    configMap('kyverno-metrics', {}),
    ...documents(readFileSync(file, 'utf8'), file),
  ]
}

/** Too many, too short-lived, or made by Kyverno itself. */
const filtered = [
  'Event',
  'EphemeralReport',
  'ClusterEphemeralReport',
  'PolicyReport',
  'ClusterPolicyReport',
  'SubjectAccessReview',
  'SelfSubjectAccessReview',
  'TokenReview',
].map(kind => `[${kind},*,*]`)

function configMap(name: string, data: Record<string, string>): Manifest {
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: kyvernoNamespace },
    data,
  }
  return manifest
}
