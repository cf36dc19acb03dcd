import {
  AgentContextLabel,
  AgentMcpServer,
  AgentSkill,
  AgentStack,
  AgentSubagent,
  AgentToolProfile,
  KradleWorkspacePolicy,
} from '#src/api/agents/v1alpha1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { referencesOf } from '#src/lib/references.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/** Every question is a call. Whoever writes for more accounts than this has to be allowed them all. */
const MOST_QUESTIONS = 16

/**
 * Whoever changes what an agent is made of may use its account.
 *
 * A skill, a label or a tool profile goes into what the agent is told and may do, so whoever
 * rewrites one is as good as the agent, with its keys and its rights. requester-rights.yaml asks
 * the same of whoever writes the stack; which stacks a part belongs to, no admission policy can look up.
 * A part that no stack has yet is free. It counts at creation too: a stack may name what is yet to come.
 */
export default rule({
  kinds: [
    AgentContextLabel,
    AgentMcpServer,
    AgentSkill,
    AgentSubagent,
    AgentToolProfile,
    KradleWorkspacePolicy,
  ],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R42'],
  watches: [AgentStack],
  reviews(request, cluster, access) {
    const accounts = accountsOf(request, cluster)
    if (accounts.size === 0) return []
    const all = useOf('', request)
    if (!access.knows(all)) return [all]
    if (access.allowed(all) || accounts.size > MOST_QUESTIONS) return []
    return [...accounts.keys()].map(account => useOf(account, request))
  },
  decide(request, cluster, access) {
    const accounts = accountsOf(request, cluster)
    if (accounts.size === 0 || access.allowed(useOf('', request))) return allow
    const lacking = [...accounts].find(
      ([account]) => accounts.size > MOST_QUESTIONS || !access.allowed(useOf(account, request)),
    )
    if (!lacking) return allow
    const [account, stack] = lacking
    const { resource } = useOf(account, request)
    return deny({
      rule: 'R42',
      field: 'metadata.name',
      value: request.object.metadata.name,
      problem: `is part of AgentStack "${stack}", whose account "${account}" is not for "${request.user.username}" to use: that takes verb "use" on ${resource} "${account}" in namespace "${request.namespace}"`,
      fix: 'have somebody write it who has that, or write one of your own under another name',
    })
  },
})

/** The accounts of the stacks that the object is part of, each with one such stack; in order. */
function accountsOf(
  { resource, namespace, object }: Request,
  cluster: Cluster,
): ReadonlyMap<string, string> {
  const accounts = new Map<string, string>()
  for (const stack of cluster.list(AgentStack, namespace)) {
    const isPart = referencesOf(AgentStack, stack).some(
      ({ kind, name }) => kind.plural === resource.resource && name === object.metadata.name,
    )
    const account = stack.spec.runtimeIdentity.serviceAccountRef
    if (isPart && !accounts.has(account)) accounts.set(account, stack.metadata.name)
  }
  return accounts
}

const useOf = (name: string, { namespace }: Request): AccessReview => ({
  verb: 'use',
  group: AgentServiceAccount.group,
  resource: AgentServiceAccount.plural,
  namespace,
  name,
})
