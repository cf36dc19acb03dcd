import { PersistentVolumeClaim } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { LABEL_TRUST_TIER } from '#src/api/names.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { consumerOf } from '#src/permissions/consumer.ts'
import { tokensOf } from '#src/permissions/pod-references.ts'
import { accountOf, podCarryingKinds, type PodAt } from '#src/permissions/pod-template.ts'
import { factsOf, isOfRun, isUntrusted } from '#src/permissions/run-facts.ts'
import { listOf, mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import { accountReads, judgedPod } from '#webhooks/judged-pod.ts'
import { allow, deny, rule, type Finding, type Read } from '#webhooks/rule.ts'

/**
 * Untrusted work has no token, no part of its node, no privilege and no disk of trusted work.
 *
 * What runs for a pull request was written by anybody. With a token it would be the agent,
 * with a piece of the node it would be everybody on it, and on a disk of trusted work it
 * would leave something behind for the next run to execute.
 */
export default rule({
  kinds: podCarryingKinds,
  operations: ['CREATE', 'UPDATE'],
  subresources: ['', 'ephemeralcontainers'],
  enforces: ['R150', 'R151'],
  background: 'while-open',
  watches: [AgentServiceAccount],
  gets: [PersistentVolumeClaim],
  lookups(request): readonly Read[] {
    const pod = judgedPod(request)
    if (!pod || !isUntrusted(factsOf(pod.metadata))) return []
    const { namespace } = request
    const accounts = accountReads(pod, namespace)
    if (accounts.length === 0 && !isOfRun(pod.metadata)) return []
    return [
      ...accounts,
      ...claimsOf(pod).map(
        ({ name }) =>
          ({
            kind: PersistentVolumeClaim,
            name,
            namespace,
            fresh: 'live',
            part: 'metadata',
          }) as const,
      ),
    ]
  },
  decide(request, cluster) {
    const pod = judgedPod(request)
    const { namespace } = request
    if (!pod) return allow
    if (!consumerOf(pod, namespace, cluster).isUntrusted) return allow
    return [
      ...tokens(pod, namespace, cluster),
      // One that is kept has its node from the scheduler.
      ...node(pod, request.operation === 'CREATE' && !request.kept),
      ...privileges(pod),
      ...ports(pod),
      ...volumes(pod),
      ...disks(pod, namespace, cluster),
    ].slice(0, MAX_FINDINGS)
  },
})

const MAX_FINDINGS = 20

/** More than these are not looked up, and refused. */
const MAX_CLAIMS = 16

const refuse = (field: string, value: unknown, problem: string, fix: string): readonly Finding[] =>
  deny({ rule: 'R151', field, value, problem: `${problem}, and this is untrusted work`, fix })

/** In a Pod, what is to be mounted stands in its volumes by now; a template leaves that to the account. */
function tokens({ spec, path }: PodAt, namespace: string, cluster: Cluster): readonly Finding[] {
  const { projected, automount } = tokensOf(spec, path)
  const account = accountOf(spec)
  const isMounted =
    path !== 'spec' &&
    (automount ??
      cluster.get(AgentServiceAccount, account, namespace)?.spec.automountServiceAccountToken ??
      true)
  const fix = `set ${path}.automountServiceAccountToken to false, and project no credential of the account`
  return [
    ...(isMounted
      ? refuse(
          `${path}.automountServiceAccountToken`,
          automount,
          `gives the token of account "${account}" to the Pod`,
          fix,
        )
      : allow),
    ...projected.flatMap(({ field, kind }) =>
      refuse(field, kind, `gives a credential of account "${account}" to the Pod`, fix),
    ),
  ]
}

/**
 * The scheduler names the node afterwards; naming it beforehand passes by all that it minds.
 * With a priority of the cluster's own, a Pod would drive out what the node runs for others.
 */
function node({ spec, path }: PodAt, isNew: boolean): readonly Finding[] {
  const { nodeName, priorityClassName } = spec
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].flatMap(name =>
      spec[name] === true
        ? refuse(`${path}.${name}`, true, 'is a namespace of the node', 'leave it out')
        : allow,
    ),
    ...(textOf(priorityClassName).startsWith('system-')
      ? refuse(
          `${path}.priorityClassName`,
          priorityClassName,
          'is for what the cluster itself runs',
          'leave it out',
        )
      : allow),
    ...(textOf(nodeName) !== '' && (isNew || path !== 'spec')
      ? refuse(`${path}.nodeName`, nodeName, 'passes by the scheduler', 'leave it out')
      : allow),
  ]
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const

function privileges({ spec, path }: PodAt): readonly Finding[] {
  const hosted = (context: Untyped, field: string) =>
    mapOf(context['windowsOptions'])['hostProcess'] === true
      ? refuse(
          `${field}.windowsOptions.hostProcess`,
          true,
          'is a process of the node',
          'leave it out',
        )
      : allow
  return [
    ...hosted(mapOf(spec['securityContext']), `${path}.securityContext`),
    ...containerLists.flatMap(list =>
      listOf(spec[list]).flatMap((container, index) => {
        const context = mapOf(mapOf(container)['securityContext'])
        const field = `${path}.${list}[${index}].securityContext`
        const added = listOf(mapOf(context['capabilities'])['add'])
        return [
          ...['privileged', 'allowPrivilegeEscalation'].flatMap(name =>
            context[name] === true
              ? refuse(`${field}.${name}`, true, 'is a privilege', 'set it to false')
              : allow,
          ),
          ...(added.length > 0
            ? refuse(`${field}.capabilities.add`, added, 'are privileges', 'leave them out')
            : allow),
          ...(context['procMount'] === 'Unmasked'
            ? refuse(`${field}.procMount`, 'Unmasked', 'is a privilege', 'leave it out')
            : allow),
          ...hosted(context, field),
        ]
      }),
    ),
  ]
}

function ports({ spec, path }: PodAt): readonly Finding[] {
  return containerLists.flatMap(list =>
    listOf(spec[list]).flatMap((container, index) =>
      listOf(mapOf(container)['ports']).flatMap((port, at) => {
        const { hostPort } = mapOf(port)
        return hostPort
          ? refuse(
              `${path}.${list}[${index}].ports[${at}].hostPort`,
              hostPort,
              'is a port of the node',
              'leave it out',
            )
          : allow
      }),
    ),
  )
}

/** What is made for the Pod, or judged elsewhere: tokens, keys and claims. */
const allowedVolumes: ReadonlySet<string> = new Set([
  'emptyDir',
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'image',
  'persistentVolumeClaim',
  'ephemeral',
])

/** What makes a new claim an old disk, or a copy of one. */
const oldDisks = ['volumeName', 'selector', 'dataSource', 'dataSourceRef'] as const

/** A list of what is allowed: of a driver that nobody here has heard of, nothing is known. */
function volumes({ spec, path }: PodAt): readonly Finding[] {
  return listOf(spec['volumes']).flatMap((value, index) => {
    const { name, ephemeral, ...others } = mapOf(value)
    const field = `${path}.volumes[${index}]`
    const wanted = mapOf(mapOf(mapOf(ephemeral)['volumeClaimTemplate'])['spec'])
    return [
      ...Object.entries(others).flatMap(([source, given]) =>
        given === undefined || given === null || allowedVolumes.has(source)
          ? allow
          : refuse(
              `${field}.${source}`,
              name,
              'is a volume that is not made for this Pod alone',
              `use one of ${[...allowedVolumes].join(', ')}`,
            ),
      ),
      ...oldDisks.flatMap(what =>
        wanted[what]
          ? refuse(
              `${field}.ephemeral.volumeClaimTemplate.spec.${what}`,
              wanted[what],
              'says which data the volume would start with',
              'start with an empty volume',
            )
          : allow,
      ),
    ]
  })
}

/** A claim that does not exist may be anybody's by the time the Pod starts. */
function disks(pod: PodAt, namespace: string, cluster: Cluster): readonly Finding[] {
  const known = new Set(claimsOf(pod).map(({ name }) => name))
  return everyClaimOf(pod).flatMap(({ name, field }) => {
    const claim = known.has(name) ? cluster.get(PersistentVolumeClaim, name, namespace) : undefined
    return claim?.metadata.labels?.[LABEL_TRUST_TIER] === 'untrusted'
      ? allow
      : deny({
          rule: 'R150',
          field,
          value: name,
          problem: 'is not known as a volume of untrusted work, and this is untrusted work',
          fix: `use a PersistentVolumeClaim that was made with label ${LABEL_TRUST_TIER}: untrusted, or an emptyDir; at most ${MAX_CLAIMS} are looked at`,
        })
  })
}

interface Claim {
  readonly name: string
  readonly field: string
}

/** The claims that are looked up, each once. */
const claimsOf = (pod: PodAt): readonly Claim[] =>
  [...new Map(everyClaimOf(pod).map(claim => [claim.name, claim])).values()].slice(0, MAX_CLAIMS)

const everyClaimOf = ({ spec, path }: PodAt): readonly Claim[] =>
  listOf(spec['volumes']).flatMap((volume, index) => {
    const { persistentVolumeClaim } = mapOf(volume)
    return persistentVolumeClaim
      ? {
          name: textOf(mapOf(persistentVolumeClaim)['claimName']),
          field: `${path}.volumes[${index}].persistentVolumeClaim.claimName`,
        }
      : []
  })
