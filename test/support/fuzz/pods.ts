import type { Dice } from './dice.ts'
import { listOf, mapOf, type Json, type Map } from './json.ts'

const PREFIX = 'kradle.a5c.ai/'

/** A Pod, or the template of one: mostly as it is granted, and often with one thing wrong. */
export function podOf(d: Dice): Map {
  const account = d.pick(accounts)
  const spec: Map = {
    containers: [{ name: 'main', image: 'img' }],
    ...(d.chance(0.7) && { automountServiceAccountToken: false }),
    ...(account !== undefined && {
      [d.chance(0.95) ? 'serviceAccountName' : 'serviceAccount']: account,
    }),
  }
  // Mostly one or the other: together each would hide that the other is refused.
  const isDangerous = d.chance(0.3)
  if (isDangerous) d.pick(dangers)(spec, d)
  if (!isDangerous || d.chance(0.2))
    for (let more = d.below(3); more > 0; more--) d.pick(references)(spec, d)
  const isOfRun = d.chance(account === 'repairer' || account === 'free' ? 0.8 : 0.1)
  return { metadata: isOfRun ? runMetadata(d) : {}, spec }
}

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

/** Those that nobody claims make the server ask the API server. */
const accounts = [
  ...times(8, undefined),
  ...times(8, 'repairer'),
  ...times(3, 'free'),
  'default',
  'foreign',
]

/** What a run says of itself: what is asked for, but for one thing at most, so that nothing hides behind another. */
export function runMetadata(d: Dice): Map {
  const metadata = {
    labels: {
      [`${PREFIX}dispatch-run`]: 'run-1',
      [`${PREFIX}agent-stack`]: 'fixer',
      [`${PREFIX}repository`]: 'app',
      [`${PREFIX}trust-tier`]: 'trusted',
    } as Map,
    annotations: {
      [`${PREFIX}ref`]: 'refs/heads/main',
      [`${PREFIX}trigger-source`]: 'ci',
      [`${PREFIX}purposes`]: purposes,
    } as Map,
  }
  if (d.chance(0.4)) return metadata
  const part = d.pick(['labels', 'annotations'] as const)
  if (d.chance(0.2)) return { [part]: metadata[part] }
  const name = d.pick(Object.keys(metadata[part]))
  const others = wrong[name]
  if (others === undefined || d.chance(0.2)) delete metadata[part][name]
  else metadata[part][name] = d.pick(others)
  return metadata
}

const wrong: Readonly<Record<string, readonly string[]>> = {
  [`${PREFIX}agent-stack`]: ['guarded', 'ghost'],
  [`${PREFIX}repository`]: ['second', 'other'],
  [`${PREFIX}trust-tier`]: ['untrusted'],
  [`${PREFIX}ref`]: ['refs/heads/wip-1', 'refs/tags/v1', 'refs/pull/7/head'],
  [`${PREFIX}trigger-source`]: ['manual'],
  [`${PREFIX}purposes`]: ['{}', '{', '[]'],
}

const purposes = JSON.stringify({
  'model/token': 'model-provider',
  'model/shared': 'model-provider',
  'registry/.dockerconfigjson': 'pull',
  'skill/rules': 'skill-config',
})

type NameAndKey = readonly [name: string, key: string]
const secretKeys: readonly NameAndKey[] = [
  ...times<NameAndKey>(6, ['model', 'token']),
  ...times<NameAndKey>(2, ['model', 'shared']),
  ['model', 'old'],
  ['model', 'careful'],
  ['model', 'nokey'],
  ['registry', '.dockerconfigjson'],
  ['other', 'token'],
]
const configKeys: readonly NameAndKey[] = [
  ...times<NameAndKey>(4, ['skill', 'rules']),
  ['skill', 'notes'],
  ['kube-root-ca.crt', 'ca.crt'],
  ['other', 'rules'],
]

const add = (spec: Map, list: string, item: Json): void =>
  void (spec[list] = [...listOf(spec[list]), item])
const variable = (field: string, [name, key]: NameAndKey): Map => ({
  name: 'V',
  valueFrom: { [field]: { name, key } },
})
const items = (key: string): Json => [{ key, path: 'file' }]
/** The first container, whatever else there is. */
const first = (spec: Map): Map => mapOf(listOf(spec['containers'])[0])

type Edit = (spec: Map, d: Dice) => void

const secretVariable: Edit = (spec, d) =>
  add(first(spec), 'env', variable('secretKeyRef', d.pick(secretKeys)))
const configVariable: Edit = (spec, d) =>
  add(first(spec), 'env', variable('configMapKeyRef', d.pick(configKeys)))

/** Ways to take a key, or all of them. */
const references: readonly Edit[] = [
  ...times(6, secretVariable),
  ...times(3, configVariable),
  (spec, d) => {
    const [secretName, key] = d.pick(secretKeys)
    add(spec, 'volumes', { name: 'v', secret: { secretName, items: items(key) } })
  },
  (spec, d) => {
    const [name, key] = d.pick(configKeys)
    add(spec, 'volumes', { name: 'v', configMap: { name, items: items(key) } })
  },
  (spec, d) => {
    const [name, key] = d.pick(secretKeys)
    const [other, config] = d.pick(configKeys)
    const sources: Json = [
      { secret: { name, items: items(key) } },
      { configMap: { name: other, items: items(config) } },
    ]
    add(spec, 'volumes', { name: 'v', projected: { sources } })
  },
  spec => add(spec, 'imagePullSecrets', { name: 'registry' }),
  (spec, d) => {
    const env = [variable('secretKeyRef', d.pick(secretKeys))]
    const list = d.pick(['initContainers', 'ephemeralContainers'])
    add(spec, list, { name: 'more', image: 'img', env })
  },
  (spec, d) =>
    d.pick<() => void>([
      () => add(first(spec), 'envFrom', { secretRef: { name: 'model' } }),
      () => add(first(spec), 'envFrom', { configMapRef: { name: 'skill' } }),
      () => add(spec, 'volumes', { name: 'v', secret: { secretName: 'model' } }),
      () => add(spec, 'volumes', { name: 'v', configMap: { name: 'skill', items: [] } }),
      () =>
        add(spec, 'volumes', { name: 'v', projected: { sources: [{ secret: { name: 'x' } }] } }),
      () =>
        add(spec, 'volumes', {
          name: 'v',
          csi: { driver: 'd', nodePublishSecretRef: { name: 'model' } },
        }),
      () => add(spec, 'volumes', { name: 'v', azureFile: { secretName: 'model', shareName: 's' } }),
    ])(),
]

/** What only people and trusted work may have. */
const dangers: readonly Edit[] = [
  (spec, d) => void (spec[d.pick(['hostNetwork', 'hostPID', 'hostIPC'])] = true),
  spec => add(spec, 'volumes', { name: 'h', hostPath: { path: '/' } }),
  spec => void (spec['automountServiceAccountToken'] = true),
  spec => void (spec['nodeName'] = 'node-1'),
  spec =>
    add(spec, 'volumes', {
      name: 't',
      projected: { sources: [{ serviceAccountToken: { path: 't' } }] },
    }),
  (spec, d) =>
    void (first(spec)['securityContext'] = d.pick<Map>([
      { privileged: true },
      { allowPrivilegeEscalation: true },
      { capabilities: { add: ['SYS_ADMIN'] } },
      { procMount: 'Unmasked' },
      { windowsOptions: { hostProcess: true } },
      { privileged: false, capabilities: { drop: ['ALL'] } },
    ])),
  spec => void (spec['securityContext'] = { windowsOptions: { hostProcess: true } }),
  (spec, d) =>
    add(spec, 'volumes', {
      name: 'd',
      persistentVolumeClaim: { claimName: d.pick(['scratch', 'scratch', 'disk', 'ghost']) },
    }),
  (spec, d) =>
    add(spec, 'volumes', {
      name: 'e',
      ephemeral: {
        volumeClaimTemplate: {
          spec: d.chance(0.5)
            ? { dataSource: { kind: 'PersistentVolumeClaim', name: 'disk' } }
            : {},
        },
      },
    }),
]
