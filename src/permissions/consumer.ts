import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { accountOf, type PodAt } from './pod-template.ts'
import { factsOf, isOfRun, isUntrusted, type RunFacts } from './run-facts.ts'

/** Who wants to use a grant. */
export interface Consumer {
  readonly namespace: string
  /** The account it runs under. */
  readonly account: string
  readonly facts: RunFacts
  /** Of a run or under an agent's account; everything else belongs to the people who made it. */
  readonly isAgent: boolean
  readonly isUntrusted: boolean
}

/** Who a Pod is. Labels alone make it one of a run; without any, the account may still be an agent's. */
export function consumerOf(pod: PodAt, namespace: string, cluster: Cluster): Consumer {
  const account = accountOf(pod.spec)
  const facts = factsOf(pod.metadata)
  const isAgent =
    isOfRun(pod.metadata) || cluster.get(AgentServiceAccount, account, namespace) !== undefined
  return { namespace, account, facts, isAgent, isUntrusted: isAgent && isUntrusted(facts) }
}

/** A consumer as it stands in messages. */
export const nameOf = ({ account, isAgent, facts }: Consumer): string =>
  isAgent
    ? `agents under account "${account}"${facts.stack === undefined ? '' : ` for stack "${facts.stack}"`}`
    : `what people run under account "${account}"`
