import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { LABEL_REPOSITORY, LABEL_RUNNER_POOL } from '#src/api/names.ts'
import { brokenLimits } from '#src/permissions/account-limits.ts'
import { accountOf, podCarryingKinds } from '#src/permissions/pod-template.ts'
import { factsOf } from '#src/permissions/run-facts.ts'
import { accountReads, judgedPod } from '#webhooks/judged-pod.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * An agent's account is used on the repositories and runner pools it is meant for.
 *
 * The account carries rights of its own; without this rule a run on any repository of the
 * organisation would have them.
 */
export default rule({
  kinds: podCarryingKinds,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R43'],
  background: 'while-open',
  watches: [AgentServiceAccount],
  lookups(request) {
    const pod = judgedPod(request)
    return pod ? accountReads(pod, request.namespace) : []
  },
  decide(request, cluster) {
    const pod = judgedPod(request)
    if (!pod) return allow
    const name = accountOf(pod.spec)
    const account = cluster.get(AgentServiceAccount, name, request.namespace)
    if (!account) return allow
    return brokenLimits(account, factsOf(pod.metadata)).flatMap(({ fact, value, limit }) =>
      deny({
        rule: 'R43',
        field: `${pod.path.slice(0, -'spec'.length)}metadata.labels[${labels[fact]}]`,
        value,
        problem: `${value === undefined ? 'is not stated, and' : 'is not one that'} account "${name}" ${value === undefined ? 'asks for it' : 'may be used for'}`,
        fix: `run it under another account, or have spec.${limit} of AgentServiceAccount "${name}" changed`,
      }),
    )
  },
})

const labels = { repository: LABEL_REPOSITORY, runnerPool: LABEL_RUNNER_POOL }
