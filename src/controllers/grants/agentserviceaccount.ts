import { Secret, ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { PREFIX } from '#src/api/names.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { controller, watch, type ConditionInput, type Plan } from '#src/lib/controller.ts'
import { keysOnlyOf } from '#src/lib/keys-only.ts'
import { met, readyWhen, unmet } from '#src/lib/conditions.ts'
import { referencesResolved, referenceWatches } from '#src/lib/reference-conditions.ts'
import { listing } from './listing.ts'
import { nextLook } from './next-look.ts'
import { isFor, PROJECTED, projectedFor, removalOf } from '#src/lib/projection.ts'
import { isAsWeLeftIt } from './as-we-left-it.ts'

const SecretKeys = keysOnlyOf(Secret)

/**
 * Makes the ServiceAccount of every AgentServiceAccount, whose Pods get no token unless it
 * says so (R43).
 *
 * An account that somebody else made is left alone: whoever can use it already would
 * otherwise hold what the agent is lent. Pull Secrets that nobody declared are reported and
 * stay, for they may be an attack under way; everything else is put right.
 */
export default controller(AgentServiceAccount, {
  name: 'agentserviceaccount',
  watches: [
    watch(ServiceAccount, {
      labels: PROJECTED,
      toOwners: ({ metadata: { name, namespace } }) => [{ name, ...(namespace && { namespace }) }],
    }),
    ...referenceWatches(AgentServiceAccount),
  ],
  writes: [{ kind: ServiceAccount, verbs: ['create', 'patch', 'delete'] }],
  lookups: ({ metadata: { name, namespace }, spec }) => [
    // The watch does not show accounts of others.
    { kind: ServiceAccount, name, namespace },
    ...(spec.imagePullSecrets ?? []).map(secret => ({
      kind: Secret,
      name: secret,
      namespace,
      part: 'keys' as const,
    })),
  ],
  reconcile(account, cluster) {
    const { name, namespace, uid, deletionTimestamp } = account.metadata
    const live = cluster.get(ServiceAccount, name, namespace)
    // Left to the garbage collector it would stay where the deletion orphans it.
    if (deletionTimestamp)
      return { delete: live && isFor(account, live) ? [removalOf(ServiceAccount, live)] : [] }
    // A warning: an account that is limited to what is yet to come serves nobody there, and does no harm.
    const limits = referencesResolved(AgentServiceAccount, account, cluster)
    if (live && !isFor(account, live)) return foreign(account, limits)

    const extra = live ? undeclared(account, live) : []
    const pullSecrets = pullSecretsCondition(account, cluster)
    return {
      apply: [serviceAccountFor(account, extra.length > 0)],
      status: statusOf(account, [synced(name, extra), pullSecrets, tokens(account)], limits),
      ...(account.spec.imagePullSecrets?.length && {
        requeueAfter: nextLook(cluster.now, String(uid), pullSecrets.status === 'False'),
      }),
    }
  },
})

/** The account as it should be; without the list of pull Secrets where that is to stay as it was found. */
function serviceAccountFor(account: AgentServiceAccount, keepPullSecrets: boolean): ServiceAccount {
  const { spec, metadata } = account
  const { tokenAudience, tokenExpirationSeconds, imagePullSecrets = [] } = spec
  const annotations = {
    ...(tokenAudience !== undefined && { [`${PREFIX}token-audience`]: tokenAudience }),
    ...(tokenExpirationSeconds !== undefined && {
      [`${PREFIX}token-expiration-seconds`]: String(tokenExpirationSeconds),
    }),
  }
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      ...projectedFor(account, AgentServiceAccount, metadata.name),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    automountServiceAccountToken: spec.automountServiceAccountToken,
    ...(imagePullSecrets.length > 0 &&
      !keepPullSecrets && { imagePullSecrets: imagePullSecrets.map(name => ({ name })) }),
  }
}

/** Pull Secrets that somebody else put there. */
function undeclared({ spec }: AgentServiceAccount, live: ServiceAccount): readonly string[] {
  if (isAsWeLeftIt(live, 'imagePullSecrets')) return []
  const declared = new Set(spec.imagePullSecrets)
  return (live.imagePullSecrets ?? [])
    .map(({ name }) => String(name))
    .filter(name => !declared.has(name))
}

function synced(name: string, extra: readonly string[]): ConditionInput {
  return extra.length === 0
    ? met('ServiceAccountSynced', 'Synced', `ServiceAccount "${name}" is as it should be`)
    : unmet(
        'ServiceAccountSynced',
        'DriftEscalates',
        `ServiceAccount "${name}" has pull Secrets that nobody declared: ${listing(extra.map(secret => `"${secret}"`))}; find out who added them, then declare them or delete the account`,
      )
}

function pullSecretsCondition(
  { spec, metadata }: AgentServiceAccount,
  cluster: Cluster,
): ConditionInput {
  const missing = (spec.imagePullSecrets ?? [])
    .filter(name => !cluster.get(SecretKeys, name, metadata.namespace))
    .map(name => `"${name}"`)
  return missing.length === 0
    ? met('ImagePullSecretsReady', 'SecretsFound', 'Every pull Secret that is named exists')
    : unmet('ImagePullSecretsReady', 'SecretMissing', `Missing Secrets: ${listing(missing)}`)
}

function tokens({ spec }: AgentServiceAccount): ConditionInput {
  const { tokenAudience: audience, tokenExpirationSeconds: seconds } = spec
  const what = [
    audience === undefined ? '' : ` for audience "${audience}"`,
    seconds === undefined ? '' : ` that live ${seconds} seconds`,
  ].join('')
  return met('TokenProjectionAllowed', 'Allowed', `Pods can have tokens${what} projected`)
}

const foreign = (account: AgentServiceAccount, limits: ConditionInput): Plan => {
  const reason = 'ServiceAccountNotOurs'
  const message = `ServiceAccount "${account.metadata.name}" was made by somebody else and stays as it is; choose another name, or delete it`
  return {
    status: statusOf(
      account,
      [
        unmet('ServiceAccountSynced', reason, message),
        unmet('ImagePullSecretsReady', reason, message),
        unmet('TokenProjectionAllowed', reason, message),
      ],
      limits,
    ),
    // Its deletion is not to be seen in a watch that shows our own.
    requeueAfter: 30,
  }
}

const PHASES: Readonly<Record<string, string>> = Object.freeze({
  DriftEscalates: 'Error',
  SecretMissing: 'Pending',
  ServiceAccountNotOurs: 'Blocked',
})

function statusOf(
  { metadata }: AgentServiceAccount,
  conditions: readonly ConditionInput[],
  warning: ConditionInput,
): NonNullable<Plan['status']> {
  const wrong = conditions.find(({ status }) => status === 'False')
  return {
    phase: (wrong && PHASES[wrong.reason]) ?? 'Ready',
    conditions: [
      ...readyWhen(conditions, 'Ready', `Pods can run as ServiceAccount "${metadata.name}"`),
      warning,
    ],
  }
}
