import {
  AgentContextLabel,
  AgentMcpServer,
  AgentMemorySource,
  AgentPersona,
  AgentSkill,
  AgentStack,
  AgentSubagent,
  AgentToolProfile,
  AgentTriggerRule,
  KradleWorkspacePolicy,
} from '#src/api/agents/v1alpha1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { names, referencesOf } from '#src/lib/references.ts'
import { readsOf } from '#webhooks/new-references.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/** Every question is a call. Whoever writes for more accounts than this has to be allowed them all. */
const MOST_QUESTIONS = 16

/** What stacks are made of; they name it, or their skills and the rules that start them do. */
const PARTS: readonly Kind[] = [
  AgentContextLabel,
  AgentMcpServer,
  AgentSkill,
  AgentSubagent,
  AgentToolProfile,
  KradleWorkspacePolicy,
]

/** What names a stack, to start it or to tell it something, or the account itself. */
const NAMING: readonly Kind[] = [AgentMemorySource, AgentPersona, AgentTriggerRule, RunnerPool]

/**
 * Whoever changes what an agent is made of, is told or is started by, may use its account.
 *
 * A skill, a label or the prompt of a trigger goes into what the agent is told, so whoever writes
 * one is as good as the agent, with its keys and its rights. requester-rights.yaml asks the same of
 * whoever writes the stack; which stacks a part belongs to, no admission policy can look up. A
 * part that no stack has yet is free, since who names it later sees what he names. What names a
 * stack that is yet to come takes the right to all accounts: nobody would look there first.
 */
export default rule({
  kinds: [...PARTS, ...NAMING],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R42'],
  watches: [AgentStack],
  names: [AgentSkill, AgentTriggerRule],
  lookups: request =>
    readsOf(
      named(request).filter(({ kind }) => kind === AgentStack),
      request.namespace,
    ),
  reviews(request, cluster, access) {
    const uses = usesOf(request, cluster)
    if (uses.size === 0) return []
    const all = useOf(ANY, request)
    if (!access.knows(all)) return [all]
    if (access.allowed(all) || uses.has(ANY) || uses.size > MOST_QUESTIONS) return []
    return [...uses.keys()].map(account => useOf(account, request))
  },
  decide(request, cluster, access) {
    const uses = usesOf(request, cluster)
    if (uses.size === 0 || access.allowed(useOf(ANY, request))) return allow
    const all = uses.has(ANY) || uses.size > MOST_QUESTIONS
    const lacking = [...uses].find(([account]) => all || !access.allowed(useOf(account, request)))
    if (!lacking) return allow
    const [account, { field, value, is }] = lacking
    const what = all ? 'all of them' : `"${account}"`
    return deny({
      rule: 'R42',
      field,
      value,
      problem: `${is}; to write that takes verb "use" on ${AgentServiceAccount.plural} ${what} in namespace "${request.namespace}", which "${request.user.username}" does not have`,
      fix: 'have somebody write it who has that, or write one for an agent of your own',
    })
  },
})

/** The name of no account: whatever account it will be. */
const ANY = ''

/** Why somebody has to be allowed to use an account. */
interface Use {
  readonly field: string
  readonly value: string
  /** Reads on from the value. */
  readonly is: string
}

/** The accounts that the write has to do with. */
function usesOf(request: Request, cluster: Cluster): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>()
  const add = (account: string, use: Use) => uses.has(account) || uses.set(account, use)
  for (const { kind, name, path } of named(request)) {
    const isStack = kind === AgentStack
    const stack = isStack ? cluster.get(AgentStack, name, request.namespace) : undefined
    const account = isStack ? accountOf(stack) : name
    const is = isStack ? `is an AgentStack under account "${account}"` : "is an agent's account"
    add(account, { field: path, value: name, is })
  }
  const { name } = request.object.metadata
  if (PARTS.some(({ plural }) => plural === request.resource.resource))
    for (const stack of holders(request, cluster))
      add(accountOf(stack), {
        field: 'metadata.name',
        value: name,
        is: `is part of AgentStack "${stack.metadata.name}"`,
      })
  return uses
}

const accountOf = (stack: AgentStack | undefined): string =>
  stack?.spec.runtimeIdentity.serviceAccountRef ?? ANY

/** The stacks and accounts that the object itself names. */
function named({ resource, object }: Request) {
  const kind = NAMING.find(({ plural }) => plural === resource.resource)
  return kind
    ? referencesOf(kind, object).filter(
        reference => reference.kind === AgentStack || reference.kind === AgentServiceAccount,
      )
    : []
}

/** The stacks that have the object, by themselves, by a skill or by what starts them. */
function holders(
  { resource, namespace, object }: Request,
  cluster: Cluster,
): readonly AgentStack[] {
  const has = (kind: Kind, holder: object) =>
    names(kind, holder, resource.resource, object.metadata.name)
  const stacks = cluster.list(AgentStack, namespace)
  const skills = cluster.list(AgentSkill, namespace).filter(skill => has(AgentSkill, skill))
  const rules = cluster
    .list(AgentTriggerRule, namespace)
    .filter(trigger => has(AgentTriggerRule, trigger))
  return stacks.filter(
    stack =>
      has(AgentStack, stack) ||
      skills.some(skill => names(AgentStack, stack, AgentSkill.plural, skill.metadata.name)) ||
      rules.some(trigger =>
        names(AgentTriggerRule, trigger, AgentStack.plural, stack.metadata.name),
      ),
  )
}

const useOf = (name: string, { namespace }: Request): AccessReview => ({
  verb: 'use',
  group: AgentServiceAccount.group,
  resource: AgentServiceAccount.plural,
  namespace,
  name,
})
