import { AgentMcpServer, AgentSkill, type AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentRoleBinding, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { Status } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { listed } from '#src/lib/conditions.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import type { Consumer } from '#src/permissions/consumer.ts'
import { grantKindOf, isOn, serves, targetOf, type Grant } from '#src/permissions/grants.ts'
import type { Source } from '#src/permissions/pod-references.ts'
import { consumerOfStack } from '#src/permissions/review.ts'
import { bindsHolder } from '#src/permissions/role-review.ts'
import { forbiddenBy } from '#src/permissions/stack-policy.ts'
import { without, type Problem } from './problem.ts'
import { absent, partsOf } from './stack-parts.ts'

/**
 * Whether a stack has the permissions that it counts on: that they exist, are for it or its
 * account, and are in effect (R62, R64, R65). What a certain run may is for the review of that
 * run; repository, ref and trigger are not asked here.
 */
export const permissionConditions = (
  stack: AgentStack,
  cluster: Cluster,
): readonly ConditionInput[] => [
  rolesCondition(stack, cluster),
  grantsCondition(stack, cluster, 'secret'),
  grantsCondition(stack, cluster, 'configmap'),
  policyCondition(stack, cluster),
]

function rolesCondition(stack: AgentStack, cluster: Cluster): ConditionInput {
  const { account } = consumerOfStack(stack, undefined, {})
  const holder = { stack: stack.metadata.name, account, repository: undefined }
  const bindings = partsOf(stack, AgentRoleBinding, cluster)
  const problems = bindings.map(({ at, object }) => {
    if (!object) return absent(at, 'MissingRoleBinding', 'R65')
    const what = `${at.path}: AgentRoleBinding "${at.name}"`
    if (!bindsHolder(object, holder)) return notOfStack(what, stack, account)
    return notInEffect(what, object.status)
  })
  return without('RolesAdmitted', problems.filter(isThere), {
    reason: bindings.length === 0 ? 'NoneNamed' : 'AllFound',
    message: 'Every role that the stack counts on is in effect',
  })
}

const names = {
  secret: {
    type: 'SecretsAdmitted',
    missing: 'MissingSecretGrant',
    source: 'Secret',
    field: 'secretRefs',
  },
  configmap: {
    type: 'ConfigAdmitted',
    missing: 'MissingConfigGrant',
    source: 'ConfigMap',
    field: 'configRefs',
  },
} as const

function grantsCondition(stack: AgentStack, cluster: Cluster, source: Source): ConditionInput {
  const { type, missing } = names[source]
  const consumer = consumerOfStack(stack, undefined, {})
  const grants = partsOf(stack, grantKindOf(source), cluster)
  const problems = grants.map(({ at, object }) => {
    if (!object) return absent(at, missing, 'R62')
    const what = `${at.path}: ${object.kind} "${at.name}" on ${keysOf(object)}`
    if (!serves(object, consumer, cluster)) return notOfStack(what, stack, consumer.account)
    return notInEffect(what, object.status)
  })
  const ungranted = needsOf(stack, source, cluster)
    .filter(need => !isGranted(need, source, consumer, cluster))
    .map(need => missingGrant(need, source))
  return without(type, [...problems.filter(isThere), ...ungranted], {
    reason: grants.length === 0 ? 'NoneNamed' : 'AllFound',
    message: `Every ${names[source].source} key that the stack counts on is granted`,
  })
}

/** A key that something of the stack needs. */
interface Need {
  /** Who needs it, as the start of a message. */
  readonly who: string
  readonly name: string
  /** undefined where any will do. */
  readonly key: string | undefined
  /** undefined where any will do. */
  readonly purpose: string | undefined
}

/** What reads keys on behalf of a stack, and the purpose that a grant of them has to have, if any (R54). */
const readers = [
  {
    kind: AgentMcpServer,
    purposes: { secret: (name: string) => `mcp-server:${name}`, configmap: () => undefined },
  },
  { kind: AgentSkill, purposes: { secret: () => undefined, configmap: () => 'skill-config' } },
] as const

/** What MCP servers and skills of the stack read, and the Secrets that it lists itself and names no grant on (R51, R62). */
function needsOf(stack: AgentStack, source: Source, cluster: Cluster): readonly Need[] {
  const read = readers.flatMap(({ kind, purposes }) =>
    partsOf<AgentMcpServer | AgentSkill>(stack, kind, cluster).flatMap(({ at, object }) =>
      (object?.spec[names[source].field] ?? []).map(({ name, key }) => ({
        who: `${at.path}: ${kind.kind} "${at.name}" reads`,
        name,
        key,
        purpose: purposes[source](at.name),
      })),
    ),
  )
  if (source !== 'secret') return read
  const granted = partsOf(stack, AgentSecretGrant, cluster).map(
    ({ object }) => object && targetOf(object).name,
  )
  const others = (stack.spec.secretPolicy?.allowedSecretRefs ?? [])
    .filter(name => ![...granted, ...read.map(need => need.name)].includes(name))
    .map(name => ({
      who: 'spec.secretPolicy.allowedSecretRefs: the stack lists',
      name,
      key: undefined,
      purpose: undefined,
    }))
  return [...read, ...others]
}

const isGranted = (
  { name, key, purpose }: Need,
  source: Source,
  consumer: Consumer,
  cluster: Cluster,
): boolean =>
  cluster
    .list(grantKindOf(source), consumer.namespace)
    .some(
      grant =>
        isOn(grant, name, consumer.namespace) &&
        (key === undefined
          ? targetOf(grant).keys.length > 0
          : targetOf(grant).keys.includes(key)) &&
        (purpose === undefined || grant.spec.purpose === purpose) &&
        serves(grant, consumer, cluster) &&
        !readyConditionFalse(grant.status),
    )

function missingGrant({ who, name, key, purpose }: Need, source: Source): Problem {
  const kind = grantKindOf(source).kind
  const what = key === undefined ? `${names[source].source} "${name}"` : `"${name}:${key}"`
  return {
    reason: names[source].missing,
    says: `${who} ${what}, and no ${kind}${purpose === undefined ? '' : ` with purpose "${purpose}"`} gives ${key === undefined ? 'a key of it' : 'it'} to the stack`,
    wayOut: `have an ${kind} for the stack created [R62]`,
  }
}

/** What the stack forbids its own runs, whatever is granted (R64, R130). */
function policyCondition(stack: AgentStack, cluster: Cluster): ConditionInput {
  if (!stack.spec.secretPolicy?.allowedSecretRefs)
    return without('PolicyAdmitted', [], {
      reason: 'NoPolicy',
      message: 'No policy limits what the stack may use',
    })
  const problems = partsOf(stack, AgentSecretGrant, cluster).map(({ at, object }) => {
    if (!object) return undefined
    const { name } = targetOf(object)
    return forbiddenBy(stack, { source: 'secret', name }, undefined)
      ? {
          reason: 'SecretNotAllowed',
          says: `${at.path}: AgentSecretGrant "${at.name}" is on Secret "${name}", which is not in spec.secretPolicy.allowedSecretRefs`,
          wayOut: 'add the Secret there, or take the grant out of the stack [R64]',
        }
      : undefined
  })
  return without('PolicyAdmitted', problems.filter(isThere), {
    reason: 'SecretsAllowed',
    message: 'The stack allows every Secret that it names a grant on',
  })
}

const notOfStack = (what: string, { metadata }: AgentStack, account: string): Problem => ({
  reason: 'SubjectMismatch',
  says: `${what} is neither for AgentStack "${metadata.name}" nor for its account "${account}"`,
  wayOut: 'name one that is, or take it out of the stack [R65]',
})

const notInEffect = (what: string, status: Status | undefined): Problem | undefined => {
  const ready = readyConditionFalse(status)
  return ready
    ? {
        reason: ready.reason === 'DriftEscalates' ? 'DriftEscalates' : 'NotInEffect',
        says: `${what} is not Ready (${ready.reason})`,
        wayOut: 'mend what its own conditions say [R65]',
      }
    : undefined
}

/** What says that an object is not Ready; one that nobody has looked at yet counts as if it were. */
const readyConditionFalse = (status: Status | undefined) =>
  status?.conditions?.find(({ type, status: holds }) => type === 'Ready' && holds === 'False')

/** Such as `"model:token"`, the names of keys only (R60). */
const keysOf = (grant: Grant): string => {
  const { name, keys } = targetOf(grant)
  return (
    listed(
      keys.map(key => `"${name}:${key}"`),
      3,
    ) || `"${name}"`
  )
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined
