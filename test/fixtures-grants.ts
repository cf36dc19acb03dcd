import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { Pod } from '#src/api/core/v1.ts'
import {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import type { ObjectMeta } from '#src/api/object.ts'
import type { Reference } from '#src/permissions/pod-references.ts'
import { podIn, type PodAt } from '#src/permissions/pod-template.ts'
import { objectOf } from '#test/fixtures.ts'

/** Where everything below lives. */
export const namespace = 'kradle-org-acme'

const meta = (name: string, metadata: Partial<ObjectMeta> = {}) => ({
  name,
  namespace,
  ...metadata,
})

type SecretGrantSpec = Partial<AgentSecretGrant['spec']>

/** Key `token` of Secret `model` for stack `repairer`, trusted work only. */
export const secretGrant = (
  spec: SecretGrantSpec = {},
  metadata: Partial<ObjectMeta> = {},
): AgentSecretGrant =>
  objectOf(AgentSecretGrant, {
    metadata: meta('repairer-model', metadata),
    spec: {
      organizationRef: 'acme',
      subject: { kind: 'agent-stack', name: 'repairer' },
      secretRef: { name: 'model', keys: ['token'] },
      purpose: 'model-provider',
      requiredApproval: 'never',
      ...spec,
    },
  })

/** Key `rules` of ConfigMap `skill` for stack `repairer`. */
export const configGrant = (
  spec: Partial<AgentConfigGrant['spec']> = {},
  metadata: Partial<ObjectMeta> = {},
): AgentConfigGrant =>
  objectOf(AgentConfigGrant, {
    metadata: meta('repairer-skill', metadata),
    spec: {
      organizationRef: 'acme',
      subject: { kind: 'agent-stack', name: 'repairer' },
      configMapRef: { name: 'skill', keys: ['rules'] },
      purpose: 'skill-config',
      requiredApproval: 'never',
      ...spec,
    },
  })

/** The same key for people's Pods under account `default`. */
export const peopleGrant = (spec: SecretGrantSpec = {}, metadata: Partial<ObjectMeta> = {}) =>
  secretGrant(
    { subject: { kind: 'user', name: 'jane' }, serviceAccountRef: 'default', ...spec },
    { name: 'people-model', ...metadata },
  )

export const stack = (
  spec: Partial<AgentStack['spec']> = {},
  metadata: Partial<ObjectMeta> = {},
): AgentStack =>
  objectOf(AgentStack, {
    metadata: meta('repairer', metadata),
    spec: {
      organizationRef: 'acme',
      baseAgent: 'claude-code',
      adapter: 'agent-mux.claude-code',
      runtimeIdentity: { serviceAccountRef: 'repairer-account' },
      approvalMode: 'prompt',
      ...spec,
    },
  })

export const account = (
  spec: Partial<AgentServiceAccount['spec']> = {},
  metadata: Partial<ObjectMeta> = {},
): AgentServiceAccount =>
  objectOf(AgentServiceAccount, {
    metadata: meta('repairer-account', metadata),
    spec: {
      organizationRef: 'acme',
      namespace,
      serviceAccountName: metadata.name ?? 'repairer-account',
      purpose: 'agent',
      automountServiceAccountToken: false,
      ...spec,
    },
  })

export const roleBinding = (
  spec: Partial<AgentRoleBinding['spec']> = {},
  metadata: Partial<ObjectMeta> = {},
  condition?: { type: string; status: 'True' | 'False'; reason: string },
): AgentRoleBinding => ({
  ...objectOf(AgentRoleBinding, {
    metadata: meta('repairer-reads', metadata),
    spec: {
      organizationRef: 'acme',
      subject: { kind: 'agent-stack', name: 'repairer' },
      roleRef: { kind: 'RoleTemplate', name: 'readonly' },
      scope: { kind: 'organization' },
      ...spec,
    },
  }),
  ...(condition && {
    status: {
      conditions: [{ message: '', lastTransitionTime: '2026-11-21T00:00:00Z', ...condition }],
    },
  }),
})

/** What the controllers say about a trusted run of stack `repairer` that uses both grants. */
export const runMetadata = ({
  labels = {},
  annotations = {},
}: {
  labels?: Record<string, string>
  annotations?: Record<string, string>
} = {}) => ({
  labels: {
    'kradle.a5c.ai/dispatch-run': 'run-1',
    'kradle.a5c.ai/agent-stack': 'repairer',
    'kradle.a5c.ai/repository': 'app',
    'kradle.a5c.ai/trust-tier': 'trusted',
    ...labels,
  },
  annotations: {
    'kradle.a5c.ai/ref': 'refs/heads/main',
    'kradle.a5c.ai/trigger-source': 'ci',
    'kradle.a5c.ai/purposes': JSON.stringify({
      'model/token': 'model-provider',
      'skill/rules': 'skill-config',
    }),
    ...annotations,
  },
})

/** A container with nothing but what is given. */
export const container = (rest: object = {}) => ({ name: 'main', image: 'img', ...rest })

/** A variable with a key of a Secret; by default the one that is granted. */
export const secretVariable = (name = 'model', key = 'token') => ({
  name: 'V',
  valueFrom: { secretKeyRef: { name, key } },
})

/** The spec of a Pod of stack `repairer` that uses key `token` of Secret `model`. */
export const podSpec = (rest: object = {}): Record<string, unknown> => ({
  serviceAccountName: 'repairer-account',
  containers: [container({ env: [secretVariable()] })],
  ...rest,
})

/** A Pod; without metadata one of a trusted run. */
export const pod = (
  spec: Record<string, unknown> = podSpec(),
  metadata: object = runMetadata(),
): Pod => objectOf(Pod, { metadata: meta('work', metadata), spec })

/** The same as the functions of src/permissions see it. */
export const podAt = (...args: Parameters<typeof pod>): PodAt =>
  podIn({ group: '', resource: 'pods' }, pod(...args))

/** Every way a Pod can reach a key: the spec that takes key `k` of `n`, and what has to be found in it. */
export const ways: Readonly<
  Record<string, { readonly spec: Record<string, unknown>; readonly found: Partial<Reference> }>
> = {
  ...Object.fromEntries(
    ['containers', 'initContainers', 'ephemeralContainers'].flatMap(list => {
      const one = (rest: object) => ({ [list]: [container(), container(rest)] })
      const ref = { name: 'n', key: 'k' }
      const at = `spec.${list}[1]`
      return [
        [
          `${list}, a variable of a Secret`,
          {
            spec: one({ env: [{ name: 'A' }, { name: 'B', valueFrom: { secretKeyRef: ref } }] }),
            found: {
              source: 'secret',
              key: 'k',
              way: 'env',
              field: `${at}.env[1].valueFrom.secretKeyRef`,
            },
          },
        ],
        [
          `${list}, a variable of a ConfigMap`,
          {
            spec: one({ env: [{ name: 'B', valueFrom: { configMapKeyRef: ref } }] }),
            found: {
              source: 'configmap',
              key: 'k',
              way: 'env',
              field: `${at}.env[0].valueFrom.configMapKeyRef`,
            },
          },
        ],
        [
          `${list}, all variables of a Secret`,
          {
            spec: one({ envFrom: [{ secretRef: { name: 'n' } }] }),
            found: {
              source: 'secret',
              key: undefined,
              way: 'env',
              field: `${at}.envFrom[0].secretRef`,
            },
          },
        ],
        [
          `${list}, all variables of a ConfigMap`,
          {
            spec: one({ envFrom: [{ configMapRef: { name: 'n' } }] }),
            found: {
              source: 'configmap',
              key: undefined,
              way: 'env',
              field: `${at}.envFrom[0].configMapRef`,
            },
          },
        ],
      ] as const
    }),
  ),
  'a volume of a Secret': {
    spec: { volumes: [{ secret: { secretName: 'n' } }] },
    found: { source: 'secret', key: undefined, way: 'file', field: 'spec.volumes[0].secret' },
  },
  'a volume of keys of a Secret': {
    spec: { volumes: [{ secret: { secretName: 'n', items: [{ key: 'k', path: 'p' }] } }] },
    found: { source: 'secret', key: 'k', way: 'file', field: 'spec.volumes[0].secret.items[0]' },
  },
  'a volume of a ConfigMap': {
    spec: { volumes: [{ configMap: { name: 'n', items: [] } }] },
    found: { source: 'configmap', key: undefined, way: 'file', field: 'spec.volumes[0].configMap' },
  },
  'a volume of keys of a ConfigMap': {
    spec: { volumes: [{ configMap: { name: 'n', items: [{ key: 'k' }] } }] },
    found: {
      source: 'configmap',
      key: 'k',
      way: 'file',
      field: 'spec.volumes[0].configMap.items[0]',
    },
  },
  'a projected Secret': {
    spec: { volumes: [{ projected: { sources: [{ secret: { name: 'n' } }] } }] },
    found: {
      source: 'secret',
      key: undefined,
      way: 'file',
      field: 'spec.volumes[0].projected.sources[0].secret',
    },
  },
  'projected keys of a ConfigMap': {
    spec: {
      volumes: [
        { projected: { sources: [{}, { configMap: { name: 'n', items: [{ key: 'k' }] } }] } },
      ],
    },
    found: {
      source: 'configmap',
      key: 'k',
      way: 'file',
      field: 'spec.volumes[0].projected.sources[1].configMap.items[0]',
    },
  },
  'an image pull Secret': {
    spec: { imagePullSecrets: [{ name: 'n' }] },
    found: {
      source: 'secret',
      key: '.dockerconfigjson',
      way: 'pull',
      field: 'spec.imagePullSecrets[0]',
    },
  },
  'an Azure file share': {
    spec: { volumes: [{ azureFile: { secretName: 'n', shareName: 's' } }] },
    found: {
      source: 'secret',
      key: 'azurestorageaccountname',
      way: 'driver',
      field: 'spec.volumes[0].azureFile',
    },
  },
  ...Object.fromEntries(
    ['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'].map(driver => [
      `a volume of ${driver}`,
      {
        spec: { volumes: [{ [driver]: { secretRef: { name: 'n' } } }] },
        found: {
          source: 'secret',
          key: undefined,
          way: 'driver',
          field: `spec.volumes[0].${driver}.secretRef`,
        },
      } as const,
    ]),
  ),
  'a volume of a CSI driver': {
    spec: { volumes: [{ csi: { driver: 'd', nodePublishSecretRef: { name: 'n' } } }] },
    found: {
      source: 'secret',
      key: undefined,
      way: 'driver',
      field: 'spec.volumes[0].csi.nodePublishSecretRef',
    },
  },
}
