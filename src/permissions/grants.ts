import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentConfigGrant, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { listed } from '#src/lib/conditions.ts'
import type { Consumer } from './consumer.ts'
import type { Source, Way } from './pod-references.ts'
import { refAllowed } from './ref-pattern.ts'

/** What a review says of one requirement. */
export type Answer =
  'allowed' | 'requiresApproval' | 'denied' | 'missingGrant' | 'staleGrant' | 'driftedNativeObject'

export type Grant = AgentSecretGrant | AgentConfigGrant

/** One grant that somebody with the right to it has approved for the work under review. */
export interface Approval {
  readonly kind: Grant['kind']
  readonly name: string
}

/** What a decision on grants stands on. */
export interface Snapshot {
  readonly cluster: Cluster
  /** Default none. */
  readonly approvals?: readonly Approval[]
}

/** One use of one key. */
export interface Use {
  readonly source: Source
  readonly name: string
  readonly key: string
  /** undefined where it is not known yet; then no mountPolicy is compared. */
  readonly way: Way | undefined
  /** What the key is for, as the run states it; undefined where it states nothing. */
  readonly purpose: string | undefined
}

/** What is said of one use, and by which grant. */
export interface Verdict {
  readonly answer: Answer
  /** The number in the rule book. */
  readonly rule: string
  /** A whole sentence without its full stop. */
  readonly reason: string
  readonly fix: string
  readonly grant: string | undefined
}

/** The kind of the grants for a source. */
export const grantKindOf = (source: Source): Kind<Grant> =>
  source === 'secret' ? AgentSecretGrant : AgentConfigGrant

/** What a grant is on. */
export const targetOf = ({ spec }: Grant): { namespace?: string; name: string; keys: string[] } =>
  'secretRef' in spec ? spec.secretRef : spec.configMapRef

/**
 * Whether a grant is for a consumer at all. Grants of users and teams serve what people
 * run, those of runners that and the Pods of their pool, all others serve agents. An account that a grant names
 * counts for more than the account of its stack, and a Pod that says of which stack it is
 * gets nothing that is for another one.
 */
export function serves({ spec }: Grant, consumer: Consumer, cluster: Cluster): boolean {
  const { subject, serviceAccountRef } = spec
  const { account, facts, isAgent, namespace } = consumer
  // A pool whose Pods run under an account of Kradle's says so by the label of the run.
  if (isAgent && subject.kind === 'runner')
    return serviceAccountRef === account && facts.runnerPool === subject.name
  if (isAgent === isPeoples(subject)) return false
  const stack = stackNameOf(subject)
  if (isAgent && stack !== undefined && facts.stack !== undefined && stack !== facts.stack)
    return false
  if (serviceAccountRef !== undefined) return serviceAccountRef === account
  if (stack === undefined) return false
  return (
    cluster.get(AgentStack, stack, namespace)?.spec.runtimeIdentity.serviceAccountRef === account
  )
}

type Subject = Grant['spec']['subject']

const people: ReadonlySet<string> = new Set(['user', 'team', 'runner'])

/** Whether a grant is for what people run. */
export const isPeoples = ({ kind }: Subject): boolean => people.has(kind)

/** The name of the stack that a grant is for, itself or through what is part of it. */
export const stackNameOf = (subject: Subject): string | undefined =>
  subject.kind === 'agent-stack' ? subject.name : subject.stackRef

/** Whether a grant is on this Secret or ConfigMap. One of another namespace is on nothing here (R59). */
export function isOn(grant: Grant, name: string, namespace: string): boolean {
  const target = targetOf(grant)
  return target.name === name && (target.namespace ?? namespace) === namespace
}

/**
 * What the grants say of one use; undefined where none of them is for it. The best answer
 * wins, since each grant is permission enough; among refusals the one that is nearest to a
 * permission speaks.
 */
export function judge(
  grants: readonly Grant[],
  use: Use,
  consumer: Consumer,
  snapshot: Snapshot,
): Verdict | undefined {
  let best: Verdict | undefined
  let reached = -1
  for (const grant of grants) {
    if (!isOn(grant, use.name, consumer.namespace)) continue
    if (!targetOf(grant).keys.includes(use.key)) continue
    if (!serves(grant, consumer, snapshot.cluster)) continue
    const failed = checks.findIndex(check => !check.holds(grant, use, consumer, snapshot))
    const check = checks[failed]
    if (!check) return allowedBy(grant)
    if (failed <= reached) continue
    reached = failed
    best = { ...check.says(grant, use, consumer), rule: check.rule, grant: grant.metadata.name }
  }
  return best
}

const allowedBy = (grant: Grant): Verdict => ({
  answer: 'allowed',
  rule: 'R51',
  reason: `grant "${grant.metadata.name}" allows it`,
  fix: '',
  grant: grant.metadata.name,
})

interface Check {
  readonly rule: string
  readonly holds: (grant: Grant, use: Use, consumer: Consumer, snapshot: Snapshot) => boolean
  readonly says: (
    grant: Grant,
    use: Use,
    consumer: Consumer,
  ) => Pick<Verdict, 'answer' | 'reason' | 'fix'>
}

/** In order of precedence: what nothing but another grant can mend first, what an approval mends last. */
const checks: readonly Check[] = [
  {
    // A person's Pod cannot state a purpose: none but controllers may.
    rule: 'R54',
    holds: ({ spec }, { purpose }, { isAgent }) => !isAgent || spec.purpose === purpose,
    says: ({ spec, metadata }, { purpose }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" is for purpose "${spec.purpose}", and the run ${purpose === undefined ? 'states none' : `states "${purpose}"`}`,
      fix: 'let the run state the purpose of the grant, or ask for a grant for its own',
    }),
  },
  {
    rule: 'R56',
    holds: ({ spec }, { way }) => !spec.mountPolicy || !way || spec.mountPolicy === way,
    says: ({ spec, metadata }, { way }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" allows the key as ${spec.mountPolicy} only, and this is ${wayNames.get(way)}`,
      fix: `use the key as ${spec.mountPolicy}, or have mountPolicy of the grant changed`,
    }),
  },
  {
    rule: 'R55',
    holds: ({ spec }, _, { facts }) => isAmong(facts.repository, spec.allowedRepositories),
    says: ({ spec, metadata }, _, { facts }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" is for ${allOf('repository', spec.allowedRepositories)}, and ${stated('repository', facts.repository)}`,
      fix: 'run it on such a repository, or have allowedRepositories of the grant changed',
    }),
  },
  {
    rule: 'R55',
    holds: ({ spec }, _, { facts }) =>
      !spec.allowedRefs || (facts.ref !== undefined && refAllowed(facts.ref, spec.allowedRefs)),
    says: ({ metadata }, _, { facts }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" is for certain refs, and ${stated('ref', facts.ref)}`,
      fix: 'run it on a ref that allowedRefs of the grant admits, or have them changed; exclude wins over include',
    }),
  },
  {
    rule: 'R55',
    holds: ({ spec }, _, { facts }) => isAmong(facts.triggerSource, spec.allowedTriggerSources),
    says: ({ spec, metadata }, _, { facts }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" is for ${allOf('trigger source', spec.allowedTriggerSources)}, and ${stated('trigger source', facts.triggerSource)}`,
      fix: 'start it that way, or have allowedTriggerSources of the grant changed',
    }),
  },
  {
    // Whatever is neither of the two that ask for an approval is never.
    rule: 'R57',
    holds: ({ spec }, _, { isUntrusted }) =>
      !isUntrusted ||
      spec.requiredApproval === 'on-untrusted-ref' ||
      spec.requiredApproval === 'always',
    says: ({ metadata }) => ({
      answer: 'denied',
      reason: `grant "${metadata.name}" is not for untrusted work`,
      fix: 'run it as trusted work on a ref that is no pull request, or have requiredApproval of the grant set to on-untrusted-ref',
    }),
  },
  {
    rule: 'R51',
    holds: (grant, _, __, { cluster }) => !isStale(grant, cluster.now),
    says: ({ spec, metadata }) => ({
      answer: 'staleGrant',
      reason: metadata.deletionTimestamp
        ? `grant "${metadata.name}" is being deleted`
        : `grant "${metadata.name}" expired at ${spec.expiresAt}`,
      fix: 'have it renewed',
    }),
  },
  {
    rule: 'R57',
    holds: ({ spec, kind, metadata }, _, { isUntrusted }, { approvals = [] }) =>
      !(spec.requiredApproval === 'always' || isUntrusted) ||
      approvals.some(approval => approval.kind === kind && approval.name === metadata.name),
    says: ({ spec, metadata }) => ({
      answer: 'requiresApproval',
      reason: `grant "${metadata.name}" needs an approval ${spec.requiredApproval === 'always' ? 'for all work' : 'for untrusted work'}, and there is none`,
      fix: 'ask for an approval of action secret-access',
    }),
  },
]

/** At the very instant a grant expires it is stale; so is one whose time cannot be read. */
export const isStale = ({ spec, metadata }: Grant, now: Date): boolean =>
  metadata.deletionTimestamp !== undefined ||
  (spec.expiresAt !== undefined && !(now.getTime() < Date.parse(spec.expiresAt)))

/** A list that is not there asks nothing; an empty one admits nothing. */
const isAmong = (value: string | undefined, list: readonly string[] | undefined): boolean =>
  !list || (value !== undefined && list.includes(value))

const wayNames: ReadonlyMap<Way | undefined, string> = new Map([
  ['env', 'a variable'],
  ['file', 'a file'],
  ['pull', 'the pull of an image'],
  ['driver', "a volume's driver"],
])

const stated = (what: string, value: string | undefined): string =>
  value === undefined ? `no ${what} is stated` : `the ${what} is ${JSON.stringify(value)}`

const allOf = (what: string, list: readonly string[] = []): string =>
  list.length === 0
    ? `no ${what}`
    : `${what} ${listed(
        list.map(item => `"${item}"`),
        5,
      )}`
