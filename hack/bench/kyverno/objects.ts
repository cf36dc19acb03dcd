import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Definition } from '#hack/bench/definitions.ts'
import { documents, type Manifest } from '#hack/local/manifests.ts'
import type { Settings } from '#hack/local/settings.ts'
import { definitionFolders } from './module.ts'

export const kyvernoNamespace = 'kyverno'

/** Kyverno's definitions, out of its own modules. */
export async function kyvernoDefinitions(settings: Settings): Promise<Definition[]> {
  const folders = await definitionFolders(settings)
  return folders
    .flatMap(folder =>
      globSync('*.yaml', { cwd: folder })
        .toSorted()
        .map(file => join(folder, file)),
    )
    .flatMap(file => documents(readFileSync(file, 'utf8'), file) as Definition[])
}

/** What its chart would make besides Deployments: a namespace and two ConfigMaps. It runs as admin and needs no RBAC. */
export const kyvernoObjects: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: kyvernoNamespace } },
  configMap('kyverno', {
    enableDefaultRegistryMutation: 'true',
    defaultRegistry: 'registry.invalid',
    excludeGroups: 'system:nodes',
    generateSuccessEvents: 'false',
    webhooks: JSON.stringify({
      namespaceSelector: {
        matchExpressions: [
          {
            key: 'kubernetes.io/metadata.name',
            operator: 'NotIn',
            values: ['kube-system', kyvernoNamespace],
          },
        ],
      },
    }),
  }),
  configMap('kyverno-metrics', {}),
]

function configMap(name: string, data: Record<string, string>): Manifest {
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: kyvernoNamespace },
    data,
  }
  return manifest
}
