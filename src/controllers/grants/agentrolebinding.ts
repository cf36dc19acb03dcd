import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { ServiceAccount } from '#src/api/core/v1.ts'
import { AgentRoleBinding, AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { Role, RoleBinding, type PolicyRule } from '#src/api/rbac/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import {
  controller,
  watch,
  type ConditionInput,
  type Plan,
  type Removal,
} from '#src/lib/controller.ts'
import { accountFor, accountLookups, accountNameOf } from './agent-account.ts'
import { roleFor, roleLookups, type AgentRole } from './agent-role.ts'
import { met, readyWhen, unmet } from '#src/lib/conditions.ts'
import { referencesResolved, referenceWatches } from '#src/lib/reference-conditions.ts'
import { listing } from './listing.ts'
import { roleBeyond, rulesBeyond, subjectsBeyond } from './excess.ts'
import { isFor, PROJECTED, projectedFor, removalOf } from '#src/lib/projection.ts'
import { isAsWeLeftIt } from './as-we-left-it.ts'

const PREFIX = 'kradle-agent-'

/** What a native role permits may change at any time, and what the API server refuses may pass one day. */
const AGAIN_SECONDS = 300

/** A native role that is missing is not watched for. */
const MISSING_SECONDS = 30

/**
 * Gives the account of an agent its Role and RoleBinding in the organisation's namespace,
 * as the account's role template or native role has it (R42, R44).
 *
 * What is lacking is put back. What is there too much is left and reported, as it may be an
 * attack under way, until a person deletes it. Whether anybody may lend these rights is for
 * the API server to say: this controller holds the templates' rules and no more.
 */
export default controller(AgentRoleBinding, {
  name: 'agentrolebinding',
  watches: [
    ...[Role, RoleBinding].map(kind =>
      watch<KubernetesObject>(kind, {
        labels: PROJECTED,
        toOwners: ({ metadata: { name, namespace } }) =>
          name.startsWith(PREFIX)
            ? [{ name: name.slice(PREFIX.length), ...(namespace && { namespace }) }]
            : [],
      }),
    ),
    watch(ServiceAccount, { labels: PROJECTED, toOwners: ownersOfAccount }),
    watch(AgentServiceAccount, { toOwners: ownersOfAccount }),
    watch(AgentStack, {
      toOwners: (stack, cluster) =>
        bindingsIn(
          stack,
          cluster,
          ({ spec: { subject } }) =>
            subject.kind === 'agent-stack' && subject.name === stack.metadata.name,
        ),
    }),
    ...referenceWatches(AgentRoleBinding),
  ],
  writes: [
    { kind: Role, verbs: ['create', 'patch', 'delete'] },
    { kind: RoleBinding, verbs: ['create', 'patch', 'delete'] },
  ],
  lookups(binding, cluster) {
    const { namespace } = binding.metadata
    const name = PREFIX + binding.metadata.name
    return [
      // The watch does not show what others made.
      { kind: Role, name, namespace },
      { kind: RoleBinding, name, namespace },
      ...roleLookups(binding),
      ...accountLookups(binding, cluster),
    ]
  },
  reconcile(binding, cluster) {
    const { namespace } = binding.metadata
    const name = PREFIX + binding.metadata.name
    const live = {
      role: cluster.get(Role, name, namespace),
      binding: cluster.get(RoleBinding, name, namespace),
    }
    // Left to the garbage collector they would stay where the deletion orphans them.
    if (binding.metadata.deletionTimestamp) return { delete: oursIn(binding, live) }
    const found = roleFor(binding, cluster)
    const subject = accountFor(binding, cluster)
    const before: Found = {
      conditions: [found.condition, subject.condition],
      warning: referencesResolved(AgentRoleBinding, binding, cluster),
    }
    if (!found.role || subject.account === undefined) return withdrawn(binding, live, before)

    const wanted = projectionOf(binding, found.role, subject.account)
    const foreign = foreignIn(binding, live)
    if (foreign.length > 0) return notOurs(before, foreign)
    const excess = excessIn(live, wanted)
    if (excess.length > 0) return drifted(before, excess)
    return {
      apply: [...(wanted.role ? [wanted.role] : []), wanted.binding],
      status: statusOf('Ready', before, [
        met('NativeBindingSynced', 'Synced', `RoleBinding "${name}" is as it should be`),
        met('EscalationAdmitted', 'Admitted', 'The API server lets these rights be lent'),
      ]),
      refused: ({ object, message }) => refused(before, object, message),
      ...(found.role.type === 'native' && { requeueAfter: AGAIN_SECONDS }),
    }
  },
})

/** What is found before anything is projected. */
interface Found {
  readonly conditions: readonly ConditionInput[]
  /** A scope with what is yet to come lends nothing there and does no harm: no reason not to be Ready (R33). */
  readonly warning: ConditionInput
}

interface Live {
  readonly role: Role | undefined
  readonly binding: RoleBinding | undefined
}

interface Projection {
  readonly role: (Role & { rules: PolicyRule[] }) | undefined
  readonly binding: RoleBinding
}

function projectionOf(owner: AgentRoleBinding, role: AgentRole, account: string): Projection {
  const name = PREFIX + owner.metadata.name
  const metadata = projectedFor(owner, AgentRoleBinding, name)
  const api = 'rbac.authorization.k8s.io'
  return {
    role:
      role.type === 'rules'
        ? { apiVersion: `${api}/v1`, kind: 'Role', metadata, rules: [...role.rules] }
        : undefined,
    binding: {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef:
        role.type === 'rules'
          ? { apiGroup: api, kind: 'Role', name }
          : { apiGroup: api, kind: role.kind, name: role.name },
      subjects: [
        { kind: 'ServiceAccount', name: account, namespace: String(owner.metadata.namespace) },
      ],
    },
  }
}

const foreignIn = (owner: AgentRoleBinding, { role, binding }: Live): readonly string[] =>
  [role, binding]
    .filter(object => object !== undefined)
    .filter(object => !isFor(owner, object))
    .map(({ kind, metadata }) => `${kind} "${metadata.name}"`)

/** What was made for this owner; the binding goes first, as it is what gives the rights. */
const oursIn = (owner: AgentRoleBinding, { role, binding }: Live): readonly Removal[] => [
  ...(binding && isFor(owner, binding) ? [removalOf(RoleBinding, binding)] : []),
  ...(role && isFor(owner, role) ? [removalOf(Role, role)] : []),
]

/** What of the projection goes beyond what is wanted; where it stands as we left it, the wish has changed, not the object. */
function excessIn(live: Live, wanted: Projection): readonly string[] {
  const { role, binding } = live
  return [
    ...(role && wanted.role && !isAsWeLeftIt(role, 'rules')
      ? rulesBeyond(wanted.role.rules, role.rules ?? [])
      : []),
    // Nobody can change the role of a binding; it has been put in the place of ours.
    ...(binding ? roleBeyond(wanted.binding, binding) : []),
    ...(binding && !isAsWeLeftIt(binding, 'subjects')
      ? subjectsBeyond(wanted.binding, binding)
      : []),
  ]
}

/** Takes away what is ours: rights must not wait for an account or a role that comes later. */
function withdrawn(owner: AgentRoleBinding, live: Live, before: Found): Plan {
  const blocked = before.conditions.some(({ reason }) => BLOCKING.has(reason))
  return {
    delete: oursIn(owner, live),
    status: statusOf(
      blocked ? 'Blocked' : 'Pending',
      before,
      notProjected('NotProjected', 'Nothing is bound until role and subject are resolved'),
    ),
    requeueAfter: blocked ? AGAIN_SECONDS : MISSING_SECONDS,
  }
}

/** What does not mend itself. */
const BLOCKING: ReadonlySet<string> = new Set([
  'NothingInScope',
  'RoleForbidden',
  'RoleTemplateUnknown',
  'ServiceAccountNotOurs',
])

const notOurs = (before: Found, foreign: readonly string[]): Plan => ({
  status: statusOf(
    'Blocked',
    before,
    notProjected(
      'NotOurs',
      `${listing(foreign)} was made by somebody else and stays as it is; delete it, or choose another name`,
    ),
  ),
  requeueAfter: MISSING_SECONDS,
})

const drifted = (before: Found, excess: readonly string[]): Plan => ({
  status: statusOf('Error', before, [
    unmet(
      'NativeBindingSynced',
      'DriftEscalates',
      `Somebody added what nobody declared: ${listing(excess)}; find out who, then delete the Role or RoleBinding and it is made anew`,
    ),
    unmet('EscalationAdmitted', 'DriftEscalates', 'What was added has been admitted by nobody'),
  ]),
})

function refused(before: Found, { kind, metadata }: KubernetesObject, message: string): Plan {
  return {
    status: statusOf(
      'Blocked',
      before,
      notProjected(
        'EscalationRefused',
        `The API server refuses ${kind} "${metadata.name}": ${message}`.slice(0, 4096),
      ),
    ),
    requeueAfter: AGAIN_SECONDS,
  }
}

const notProjected = (reason: string, message: string): readonly ConditionInput[] => [
  unmet('NativeBindingSynced', reason, message),
  unmet('EscalationAdmitted', reason, message),
]

const statusOf = (
  phase: string,
  { conditions, warning }: Found,
  outcome: readonly ConditionInput[],
): NonNullable<Plan['status']> => ({
  phase,
  conditions: [
    ...readyWhen([...conditions, ...outcome], 'Ready', 'The account has the role'),
    warning,
  ],
})

function ownersOfAccount({ metadata }: KubernetesObject, cluster: Cluster) {
  return bindingsIn(
    { metadata },
    cluster,
    binding => accountNameOf(binding, cluster) === metadata.name,
  )
}

/** The bindings in the namespace of an object that it has to do with. */
const bindingsIn = (
  { metadata }: Pick<KubernetesObject, 'metadata'>,
  cluster: Cluster,
  concerned: (binding: AgentRoleBinding) => boolean,
) =>
  cluster
    .list(AgentRoleBinding, metadata.namespace)
    .filter(concerned)
    .map(({ metadata: { name, namespace } }) => ({ name, ...(namespace && { namespace }) }))
