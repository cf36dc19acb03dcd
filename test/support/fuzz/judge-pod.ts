import type { Write } from './judge.ts'
import {
  isMap,
  listOf,
  mapOf,
  metadataOf,
  own,
  same,
  specOf,
  text,
  type Json,
  type Map,
} from './json.ts'
import { allow, type Verdict } from './verdict.ts'
import { find, findAll, KRADLE, type World } from './world.ts'

// What the rules demand of Pods, for the fields that the generator knows.

const PREFIX = 'kradle-org-'

const runLabels = (
  'dispatch-run agent-stack repository trigger-rule source-kind source-name runner-pool ' +
  'service-account trust-tier'
).split(' ')
const runAnnotations = 'ref trigger-source purposes'.split(' ')

interface Pod {
  readonly spec: Map
  readonly labels: Map
  readonly annotations: Map
}

/** What is said of whoever runs in a Pod. */
interface Runner {
  readonly namespace: string
  readonly account: string
  readonly stack: string | undefined
  readonly repository: string | undefined
  readonly ref: string | undefined
  readonly trigger: string | undefined
  readonly purposes: Map
  readonly isAgent: boolean
  readonly isUntrusted: boolean
}

export function judgePod(write: Write, world: World): Verdict {
  const { operation, resource, subresource, namespace, object, old } = write
  if (operation !== 'CREATE' && operation !== 'UPDATE') return allow
  if (!/^(pods|deployments\.apps|cronjobs\.batch)$/.test(resource)) return allow
  if (!['', 'ephemeralcontainers'].includes(subresource)) return allow
  if (!namespace.startsWith(PREFIX)) return allow
  const pod = podOf(resource, object)
  if (operation === 'UPDATE' && isSame(pod, podOf(resource, old))) return allow

  const runner = runnerOf(pod, namespace, world)
  const claim = find(world, 'AgentServiceAccount', runner.account, namespace)
  const isRefused =
    referencesOf(pod.spec).some(reference => !isGranted(reference, runner, world)) ||
    (runner.isUntrusted && isDangerous(pod.spec, claim, write, world)) ||
    (subresource === '' && claim !== undefined && !isWithin(claim, pod))
  const asks =
    (runner.account !== 'default' && !claim) ||
    (runner.stack !== undefined && !find(world, 'AgentStack', runner.stack, namespace)) ||
    listOf(pod.spec['volumes']).some(volume => mapOf(volume)['persistentVolumeClaim'])
  return { says: isRefused ? 'deny' : 'allow', warnings: 0, asks }
}

function podOf(resource: string, object: Map): Pod {
  const into = (map: Map, ...steps: string[]) =>
    steps.reduce((at, step) => mapOf(own(at, step)), map)
  const pod =
    resource === 'pods'
      ? object
      : resource === 'deployments.apps'
        ? into(object, 'spec', 'template')
        : into(object, 'spec', 'jobTemplate', 'spec', 'template')
  const { labels, annotations } = metadataOf(pod)
  return { spec: specOf(pod), labels: mapOf(labels), annotations: mapOf(annotations) }
}

const isSame = (a: Pod, b: Pod): boolean =>
  same(a.spec, b.spec) && same(a.labels, b.labels) && same(a.annotations, b.annotations)

function runnerOf({ spec, labels, annotations }: Pod, namespace: string, world: World): Runner {
  const stated = (map: Map, name: string) => {
    const value = own(map, `${KRADLE}/${name}`)
    return typeof value === 'string' ? value : undefined
  }
  const account = text(spec['serviceAccountName']) || text(spec['serviceAccount']) || 'default'
  const isOfRun =
    runLabels.some(name => Object.hasOwn(labels, `${KRADLE}/${name}`)) ||
    runAnnotations.some(name => Object.hasOwn(annotations, `${KRADLE}/${name}`))
  const isAgent = isOfRun || find(world, 'AgentServiceAccount', account, namespace) !== undefined
  const ref = stated(annotations, 'ref')
  const isTrusted =
    stated(labels, 'trust-tier') === 'trusted' && !(ref ?? '').startsWith('refs/pull/')
  return {
    namespace,
    account,
    stack: stated(labels, 'agent-stack'),
    repository: stated(labels, 'repository'),
    ref,
    trigger: stated(annotations, 'trigger-source'),
    purposes: purposesIn(stated(annotations, 'purposes') ?? ''),
    isAgent,
    isUntrusted: isAgent && !isTrusted,
  }
}

function purposesIn(json: string): Map {
  try {
    return mapOf(JSON.parse(json) as Json)
  } catch {
    return {}
  }
}

interface Reference {
  readonly kind: 'Secret' | 'ConfigMap'
  readonly name: string
  /** undefined for all of them. */
  readonly key: string | undefined
  readonly way: 'env' | 'file' | 'other'
}

function referencesOf(spec: Map): Reference[] {
  const found: Reference[] = []
  const add = (
    kind: Reference['kind'],
    name: Json | undefined,
    key: string | undefined,
    way: Reference['way'],
  ) => void found.push({ kind, name: text(name), key, way })
  /** All that is listed, or everything where nothing is. */
  const files = (kind: Reference['kind'], node: Json | undefined, name: string) => {
    if (node == null) return
    const items = listOf(mapOf(node)['items'])
    if (items.length === 0) add(kind, mapOf(node)[name], undefined, 'file')
    for (const item of items) add(kind, mapOf(node)[name], text(mapOf(item)['key']), 'file')
  }
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of listOf(spec[list])) {
      for (const variable of listOf(mapOf(container)['env'])) {
        const { secretKeyRef, configMapKeyRef } = mapOf(mapOf(variable)['valueFrom'])
        for (const [kind, node] of [
          ['Secret', secretKeyRef],
          ['ConfigMap', configMapKeyRef],
        ] as const)
          if (node != null) add(kind, mapOf(node)['name'], text(mapOf(node)['key']), 'env')
      }
      for (const source of listOf(mapOf(container)['envFrom'])) {
        const { secretRef, configMapRef } = mapOf(source)
        if (secretRef != null) add('Secret', mapOf(secretRef)['name'], undefined, 'env')
        if (configMapRef != null) add('ConfigMap', mapOf(configMapRef)['name'], undefined, 'env')
      }
    }
  for (const volume of listOf(spec['volumes'])) {
    const { secret, configMap, projected, csi, azureFile } = mapOf(volume)
    files('Secret', secret, 'secretName')
    files('ConfigMap', configMap, 'name')
    for (const source of listOf(mapOf(projected)['sources'])) {
      files('Secret', mapOf(source)['secret'], 'name')
      files('ConfigMap', mapOf(source)['configMap'], 'name')
    }
    const driven = mapOf(csi)['nodePublishSecretRef']
    if (driven != null) add('Secret', mapOf(driven)['name'], undefined, 'other')
    if (azureFile != null)
      add('Secret', mapOf(azureFile)['secretName'], 'azurestorageaccountkey', 'other')
  }
  for (const pull of listOf(spec['imagePullSecrets']))
    if (pull !== null) add('Secret', mapOf(pull)['name'], '.dockerconfigjson', 'other')
  return found
}

/** Whether some grant of the world matches account, key and facts. */
function isGranted({ kind, name, key, way }: Reference, runner: Runner, world: World): boolean {
  const { namespace } = runner
  if (kind === 'ConfigMap' && name === 'kube-root-ca.crt' && key === 'ca.crt') return true
  if (key === undefined) return false
  if (runner.stack !== undefined && kind === 'Secret') {
    const stack = find(world, 'AgentStack', runner.stack, namespace)
    if (!stack) return false
    const { allowOnForks, allowedSecretRefs } = mapOf(specOf(stack)['secretPolicy'])
    if ((runner.ref ?? '').startsWith('refs/pull/') && allowOnForks !== true) return false
    if (allowedSecretRefs && !listOf(allowedSecretRefs).includes(name)) return false
  }
  const [grants, field] =
    kind === 'Secret' ? ['AgentSecretGrant', 'secretRef'] : ['AgentConfigGrant', 'configMapRef']
  return findAll(world, grants, namespace).some(grant => {
    const spec = specOf(grant)
    const target = mapOf(spec[field])
    return (
      target['name'] === name &&
      listOf(target['keys']).includes(key) &&
      isFor(spec, runner, world) &&
      isUnder(spec, runner, `${name}/${key}`, way)
    )
  })
}

/** Whether it is this runner's grant. */
function isFor(grant: Map, { account, stack, isAgent, namespace }: Runner, world: World): boolean {
  const subject = mapOf(grant['subject'])
  if (isAgent === (subject['kind'] === 'user')) return false
  const bound = subject['kind'] === 'agent-stack' ? text(subject['name']) : undefined
  if (isAgent && bound !== undefined && stack !== undefined && bound !== stack) return false
  if (grant['serviceAccountRef'] !== undefined) return grant['serviceAccountRef'] === account
  const of = bound === undefined ? undefined : find(world, 'AgentStack', bound, namespace)
  return of !== undefined && mapOf(specOf(of)['runtimeIdentity'])['serviceAccountRef'] === account
}

/** Whether everything holds that the grant asks for. */
function isUnder(grant: Map, runner: Runner, key: string, way: Reference['way']): boolean {
  const { ref, isAgent, isUntrusted } = runner
  if (isAgent && own(runner.purposes, key) !== grant['purpose']) return false
  if (grant['mountPolicy'] !== undefined && grant['mountPolicy'] !== way) return false
  for (const [list, fact] of [
    [grant['allowedRepositories'], runner.repository],
    [grant['allowedTriggerSources'], runner.trigger],
  ] as const)
    if (list && (fact === undefined || !listOf(list).includes(fact))) return false
  if (grant['allowedRefs']) {
    const { include, exclude } = mapOf(grant['allowedRefs'])
    // Every pattern of the world ends with its only star.
    const matches = (pattern: Json) => (ref ?? '').startsWith(text(pattern).slice(0, -1))
    if (ref === undefined || !listOf(include).some(matches) || listOf(exclude).some(matches))
      return false
  }
  // Nobody has approved anything: what needs an approval is refused.
  if (isUntrusted || grant['requiredApproval'] === 'always') return false
  return grant['expiresAt'] === undefined
}

const harmlessVolumeFields =
  'name emptyDir configMap secret projected downwardAPI image persistentVolumeClaim ephemeral'.split(
    ' ',
  )

/** Untrusted work has no token, no part of its node, no privilege and no disk of trusted work. */
function isDangerous(
  spec: Map,
  claim: Map | undefined,
  { operation, resource, namespace }: Write,
  world: World,
): boolean {
  const isTemplate = resource !== 'pods'
  const automount = spec['automountServiceAccountToken']
  const ofAccount = specOf(claim ?? {})['automountServiceAccountToken'] ?? true
  if (isTemplate && (typeof automount === 'boolean' ? automount : ofAccount) === true) return true
  if (['hostNetwork', 'hostPID', 'hostIPC'].some(name => spec[name] === true)) return true
  if (text(spec['nodeName']) !== '' && (isTemplate || operation === 'CREATE')) return true
  if (text(spec['priorityClassName']).startsWith('system-')) return true
  const isPrivileged = (context: Map): boolean =>
    context['privileged'] === true ||
    context['allowPrivilegeEscalation'] === true ||
    context['procMount'] === 'Unmasked' ||
    listOf(mapOf(context['capabilities'])['add']).length > 0
  const isHosted = (context: Map): boolean =>
    mapOf(context['windowsOptions'])['hostProcess'] === true
  if (isHosted(mapOf(spec['securityContext']))) return true
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of listOf(spec[list])) {
      const context = mapOf(mapOf(container)['securityContext'])
      if (isPrivileged(context) || isHosted(context)) return true
      if (listOf(mapOf(container)['ports']).some(port => mapOf(port)['hostPort'])) return true
    }
  return listOf(spec['volumes']).some(volume => {
    const { ephemeral, projected, persistentVolumeClaim: disk } = mapOf(volume)
    const wanted = specOf(mapOf(mapOf(ephemeral)['volumeClaimTemplate']))
    const sources = listOf(mapOf(projected)['sources']).map(mapOf)
    if (Object.keys(mapOf(volume)).some(field => !harmlessVolumeFields.includes(field))) return true
    if (wanted['dataSource'] || wanted['dataSourceRef']) return true
    if (wanted['volumeName'] || wanted['selector']) return true
    if (sources.some(source => source['serviceAccountToken'] != null)) return true
    if (!disk) return false
    const name = text(mapOf(disk)['claimName'])
    const known = find(world, 'PersistentVolumeClaim', name, namespace)
    const labels = known && metadataOf(known)['labels']
    return !isMap(labels) || labels[`${KRADLE}/trust-tier`] !== 'untrusted'
  })
}

/** An account is used on its repositories. */
function isWithin(claim: Map, { labels }: Pod): boolean {
  const allowed = specOf(claim)['allowedRepositories']
  return allowed === undefined || listOf(allowed).includes(own(labels, `${KRADLE}/repository`)!)
}
