import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import { accountOf, isSamePod, podIn, type PodAt } from '#src/permissions/pod-template.ts'
import { factsOf } from '#src/permissions/run-facts.ts'
import type { Read, Request } from './rule.ts'

/**
 * The Pod that a write brings, or will have made; undefined where there is nothing to judge:
 * outside of the namespaces of organisations, and where it is the Pod that was judged before.
 * What is allowed no longer must still be scaled down, and its new Pods are judged anyway.
 */
export function judgedPod({ namespace, resource, object, oldObject }: Request): PodAt | undefined {
  if (slugOfNamespace(namespace) === undefined) return undefined
  const pod = podIn(resource, object)
  return oldObject && isSamePod(pod, podIn(resource, oldObject)) ? undefined : pod
}

/** The claim on the account of a Pod. Nobody can claim `default`, so most Pods need no reading. */
export function accountReads({ spec }: PodAt, namespace: string): readonly Read[] {
  const name = accountOf(spec)
  return name === 'default'
    ? []
    : [{ kind: AgentServiceAccount, name, namespace, fresh: 'on-miss' }]
}

/** The stack that a Pod states. What it forbids has to be known, of one made a moment ago too. */
export function stackReads({ metadata }: PodAt, namespace: string): readonly Read[] {
  const { stack } = factsOf(metadata)
  return stack === undefined ? [] : [{ kind: AgentStack, name: stack, namespace, fresh: 'on-miss' }]
}
