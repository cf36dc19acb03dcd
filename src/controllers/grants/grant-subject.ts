import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount, Team, User } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster, Lookup } from '#src/lib/cluster.ts'
import { watch, type ConditionInput, type Watch } from '#src/lib/controller.ts'
import { isPeoples, stackNameOf, type Grant } from '#src/permissions/grants.ts'
import { met, unmet } from '#src/lib/conditions.ts'

/** As many as a status holds. */
const MOST_CONSUMERS = 256

/** The stack that the grant is for, where it exists. */
export function stackOf(grant: Grant, cluster: Cluster): AgentStack | undefined {
  const name = stackNameOf(grant.spec.subject)
  return name === undefined || isPeoples(grant.spec.subject)
    ? undefined
    : cluster.get(AgentStack, name, grant.metadata.namespace)
}

/** The account whose Pods the grant is for; one that it names counts for more than that of its stack. */
function accountNameOf(grant: Grant, cluster: Cluster): string | undefined {
  const stack = stackOf(grant, cluster)
  return grant.spec.serviceAccountRef ?? (stack && accountOf(stack))
}

const accountOf = (stack: AgentStack): string => stack.spec.runtimeIdentity.serviceAccountRef

/** What has to be read live to tell who the grant is for: accounts that no AgentServiceAccount manages are not watched. */
export const subjectLookups = (grant: Grant): readonly Lookup[] => {
  const name = grant.spec.serviceAccountRef
  const { namespace } = grant.metadata
  return isPeoples(grant.spec.subject) && name !== undefined
    ? [{ kind: ServiceAccount, name, namespace }]
    : []
}

/** The AgentStacks whose runs the grant serves: the one it names, or all of the account it names. */
export function consumersOf(
  grant: Grant,
  cluster: Cluster,
): readonly { readonly kind: string; readonly name: string }[] {
  if (isPeoples(grant.spec.subject)) return []
  const account = accountNameOf(grant, cluster)
  const only = stackNameOf(grant.spec.subject)
  return cluster
    .list(AgentStack, grant.metadata.namespace)
    .filter(stack => accountOf(stack) === account)
    .filter(({ metadata }) => only === undefined || only === metadata.name)
    .slice(0, MOST_CONSUMERS)
    .map(({ metadata }) => ({ kind: AgentStack.kind, name: metadata.name }))
}

/** Whether those whom the grant names are there, and belong together (R65). */
export const subjectCondition = (grant: Grant, cluster: Cluster): ConditionInput =>
  isPeoples(grant.spec.subject) ? peopleCondition(grant, cluster) : agentCondition(grant, cluster)

const PEOPLE: Readonly<Record<string, Kind>> = Object.freeze({ user: User, team: Team })

function peopleCondition({ spec, metadata }: Grant, cluster: Cluster): ConditionInput {
  const { namespace } = metadata
  const account = String(spec.serviceAccountRef)
  const kind = PEOPLE[spec.subject.kind]
  if (kind && !cluster.get(kind, spec.subject.name, namespace))
    return unauthorized(`${kind.kind}Missing`, `${kind.kind} "${spec.subject.name}" does not exist`)
  if (cluster.get(AgentServiceAccount, account, namespace))
    return unauthorized(
      'AgentAccount',
      `"${account}" is the account of an agent, which a grant for a ${spec.subject.kind} never serves; name the agent or its stack instead`,
    )
  if (!cluster.get(ServiceAccount, account, namespace))
    return unauthorized('ServiceAccountMissing', `ServiceAccount "${account}" does not exist`)
  return authorized(`The grant is for Pods of ServiceAccount "${account}"`)
}

function agentCondition(grant: Grant, cluster: Cluster): ConditionInput {
  const name = stackNameOf(grant.spec.subject)
  const stack = stackOf(grant, cluster)
  if (name !== undefined && !stack)
    return unauthorized('AgentStackMissing', `AgentStack "${name}" does not exist`)
  const named = grant.spec.serviceAccountRef
  if (stack && named !== undefined && named !== accountOf(stack))
    return unauthorized(
      'AccountMismatch',
      `AgentStack "${stack.metadata.name}" runs as "${accountOf(stack)}", not as "${named}"; leave serviceAccountRef out or write that [R65]`,
    )
  const account = String(accountNameOf(grant, cluster))
  if (!cluster.get(AgentServiceAccount, account, grant.metadata.namespace))
    return unauthorized(
      'AgentServiceAccountMissing',
      `AgentServiceAccount "${account}" does not exist`,
    )
  return authorized(`The grant is for Pods of AgentServiceAccount "${account}"`)
}

const unauthorized = (reason: string, message: string) =>
  unmet('SubjectAuthorized', reason, message)

const authorized = (message: string) => met('SubjectAuthorized', 'SubjectExists', message)

/** Watches that bring up the grants of `kind` that an account, stack, user or team has to do with. */
export function subjectWatches(kind: Kind<Grant>): readonly Watch[] {
  const owners =
    <T extends KubernetesObject>(
      concerns: (grant: Grant, object: T, cluster: Cluster) => boolean,
    ) =>
    (object: T, cluster: Cluster) =>
      cluster
        .list(kind, object.metadata.namespace)
        .filter(grant => concerns(grant, object, cluster))
        .map(({ metadata: { name, namespace } }) => ({ name, ...(namespace && { namespace }) }))
  const isFor =
    (subject: string) =>
    ({ spec }: Grant, { metadata }: KubernetesObject) =>
      spec.subject.kind === subject && spec.subject.name === metadata.name
  return [
    watch(AgentServiceAccount, {
      toOwners: owners(
        (grant, { metadata }, cluster) => accountNameOf(grant, cluster) === metadata.name,
      ),
    }),
    watch(AgentStack, {
      toOwners: owners<AgentStack>(
        (grant, stack) =>
          stackNameOf(grant.spec.subject) === stack.metadata.name ||
          grant.spec.serviceAccountRef === accountOf(stack),
      ),
    }),
    watch(User, { toOwners: owners(isFor('user')) }),
    watch(Team, { toOwners: owners(isFor('team')) }),
  ]
}
