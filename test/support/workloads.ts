import type { KubernetesObject } from '#src/api/object.ts'

/** As much of a PodSpec as tests write. */
export interface PodSpec {
  containers: Record<string, unknown>[]
  [field: string]: unknown
}

/** Labels and annotations of a Pod, or of the template of one. */
export interface PodMeta {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export const pause = (more: Record<string, unknown> = {}) => ({
  name: 'main',
  image: 'image.invalid/pause:1',
  ...more,
})

export const podSpec = (more: Record<string, unknown> = {}): PodSpec => ({
  containers: [pause()],
  ...more,
})

type Wrap = (name: string, namespace: string, meta: PodMeta, spec: PodSpec) => KubernetesObject

const templated =
  (apiVersion: string, kind: string, more: Record<string, unknown>, restartPolicy?: string): Wrap =>
  (name, namespace, meta, spec) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: {
      ...more,
      ...('selector' in more && { selector: { matchLabels: { app: name } } }),
      template: template(name, meta, spec, restartPolicy),
    },
  })

const template = (name: string, meta: PodMeta, spec: PodSpec, restartPolicy?: string) => ({
  metadata: { ...meta, labels: { app: name, ...meta.labels } },
  spec: { ...(restartPolicy && { restartPolicy }), ...spec },
})

/** Every kind that carries a Pod, around the same Pod. Those that can wait do: nobody makes their Pods yet. */
export const workloads: Readonly<Record<string, Wrap>> = {
  Pod: (name, namespace, meta, spec) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...meta },
    spec,
  }),
  Job: templated('batch/v1', 'Job', { suspend: true }, 'Never'),
  CronJob: (name, namespace, meta, spec) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: template(name, meta, spec, 'Never') } },
    },
  }),
  Deployment: templated('apps/v1', 'Deployment', { replicas: 0, selector: {} }),
  StatefulSet: templated('apps/v1', 'StatefulSet', { replicas: 0, selector: {}, serviceName: 'x' }),
  ReplicaSet: templated('apps/v1', 'ReplicaSet', { replicas: 0, selector: {} }),
  DaemonSet: templated('apps/v1', 'DaemonSet', { selector: {} }),
}

const secretKeyRef = (name: string, key: string) => ({ secretKeyRef: { name, key } })
const configMapKeyRef = (name: string, key: string) => ({ configMapKeyRef: { name, key } })
const items = (key: string) => [{ key, path: 'file' }]
const volume = (source: Record<string, unknown>) => podSpec({ volumes: [{ name: 'v', ...source }] })

/** A way to reach a key, as a PodSpec. */
export interface Way {
  readonly source: 'Secret' | 'ConfigMap'
  /** Whether it reaches one key, or everything there is and will be. */
  readonly whole?: true
  /** The keys that the kubelet or a driver takes by itself. */
  readonly keys?: readonly string[]
  readonly spec: (name: string, key: string) => PodSpec
}

export const ways: Readonly<Record<string, Way>> = {
  env: {
    source: 'Secret',
    spec: (name, key) =>
      podSpec({
        containers: [pause({ env: [{ name: 'A', valueFrom: secretKeyRef(name, key) }] })],
      }),
  },
  'env of an init container': {
    source: 'Secret',
    spec: (name, key) =>
      podSpec({
        initContainers: [
          { ...pause(), name: 'init', env: [{ name: 'A', valueFrom: secretKeyRef(name, key) }] },
        ],
      }),
  },
  'env that is optional': {
    source: 'Secret',
    spec: (name, key) =>
      podSpec({
        containers: [
          pause({
            env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key, optional: true } } }],
          }),
        ],
      }),
  },
  envFrom: {
    source: 'Secret',
    whole: true,
    spec: name => podSpec({ containers: [pause({ envFrom: [{ secretRef: { name } }] })] }),
  },
  'a volume with items': {
    source: 'Secret',
    spec: (name, key) => volume({ secret: { secretName: name, items: items(key) } }),
  },
  'a whole volume': {
    source: 'Secret',
    whole: true,
    spec: name => volume({ secret: { secretName: name } }),
  },
  'a projected volume with items': {
    source: 'Secret',
    spec: (name, key) =>
      volume({ projected: { sources: [{ secret: { name, items: items(key) } }] } }),
  },
  'a whole projected volume': {
    source: 'Secret',
    whole: true,
    spec: name => volume({ projected: { sources: [{ secret: { name } }] } }),
  },
  imagePullSecrets: {
    source: 'Secret',
    keys: ['.dockerconfigjson'],
    spec: name => podSpec({ imagePullSecrets: [{ name }] }),
  },
  csi: {
    source: 'Secret',
    whole: true,
    spec: name => volume({ csi: { driver: 'x.invalid', nodePublishSecretRef: { name } } }),
  },
  azureFile: {
    source: 'Secret',
    keys: ['azurestorageaccountname', 'azurestorageaccountkey'],
    spec: name => volume({ azureFile: { secretName: name, shareName: 'x' } }),
  },
  cephfs: {
    source: 'Secret',
    whole: true,
    spec: name => volume({ cephfs: { monitors: ['127.0.0.1'], secretRef: { name } } }),
  },
  rbd: {
    source: 'Secret',
    whole: true,
    spec: name => volume({ rbd: { monitors: ['127.0.0.1'], image: 'x', secretRef: { name } } }),
  },
  iscsi: {
    source: 'Secret',
    whole: true,
    spec: name =>
      volume({
        iscsi: {
          targetPortal: '127.0.0.1',
          iqn: 'iqn.2001-04.invalid.x:storage',
          lun: 0,
          chapAuthSession: true,
          secretRef: { name },
        },
      }),
  },
  flexVolume: {
    source: 'Secret',
    whole: true,
    spec: name => volume({ flexVolume: { driver: 'x/y', secretRef: { name } } }),
  },
  scaleIO: {
    source: 'Secret',
    whole: true,
    spec: name =>
      volume({
        scaleIO: {
          gateway: 'https://127.0.0.1',
          system: 'x',
          volumeName: 'x',
          secretRef: { name },
        },
      }),
  },
  storageos: {
    source: 'Secret',
    whole: true,
    spec: name => volume({ storageos: { volumeName: 'x', secretRef: { name } } }),
  },
  'env of a ConfigMap': {
    source: 'ConfigMap',
    spec: (name, key) =>
      podSpec({
        containers: [pause({ env: [{ name: 'A', valueFrom: configMapKeyRef(name, key) }] })],
      }),
  },
  'envFrom a ConfigMap': {
    source: 'ConfigMap',
    whole: true,
    spec: name => podSpec({ containers: [pause({ envFrom: [{ configMapRef: { name } }] })] }),
  },
  'a volume of a ConfigMap with items': {
    source: 'ConfigMap',
    spec: (name, key) => volume({ configMap: { name, items: items(key) } }),
  },
  'a whole volume of a ConfigMap': {
    source: 'ConfigMap',
    whole: true,
    spec: name => volume({ configMap: { name } }),
  },
  'a projected volume of a ConfigMap with items': {
    source: 'ConfigMap',
    spec: (name, key) =>
      volume({ projected: { sources: [{ configMap: { name, items: items(key) } }] } }),
  },
  'a whole projected volume of a ConfigMap': {
    source: 'ConfigMap',
    whole: true,
    spec: name => volume({ projected: { sources: [{ configMap: { name } }] } }),
  },
}
