import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import {
  AgentConfigGrant,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import { MOST_REFERENCES, referencesOf } from '#src/permissions/pod-references.ts'
import { reviewPod, type PodResult } from '#src/permissions/pod-review.ts'
import { podCarryingKinds } from '#src/permissions/pod-template.ts'
import { accountReads, judgedPod, stackReads } from '#webhooks/judged-pod.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A Pod gets no key of a Secret or ConfigMap without a grant for its account.
 *
 * Templates are judged like the Pods they make, so that whoever writes one hears of it at
 * once; the answer that counts is the one on the Pod. A template that did not change is left
 * alone: what is granted no longer must still be scaled down, and its new Pods are refused
 * anyway. Without this rule everybody who may create a Pod could read every Secret of the
 * organisation.
 */
export default rule({
  kinds: podCarryingKinds,
  operations: ['CREATE', 'UPDATE'],
  subresources: ['', 'ephemeralcontainers'],
  enforces: ['R51', 'R53', 'R54', 'R55', 'R56', 'R57', 'R59', 'R64', 'R66'],
  background: 'while-open',
  watches: [AgentConfigGrant, AgentSecretGrant, AgentServiceAccount, AgentStack],
  live: [AgentServiceAccount, AgentStack],
  lookups(request) {
    const pod = judgedPod(request)
    if (!pod) return []
    return [...accountReads(pod, request.namespace), ...stackReads(pod, request.namespace)]
  },
  decide(request, cluster) {
    const pod = judgedPod(request)
    if (!pod) return allow
    const references = referencesOf(pod.spec, pod.path)
    if (references.length > MOST_REFERENCES)
      return deny({
        rule: 'R51',
        field: pod.path,
        value: undefined,
        problem: `holds more than ${MOST_REFERENCES} references to Secrets and ConfigMaps`,
        fix: 'use fewer',
      })
    const refused = reviewPod(pod, references, request.namespace, { cluster }).filter(
      ({ answer }) => answer !== 'allowed',
    )
    const unsaid = refused.length - MAX_DENIALS
    return [
      ...refused.slice(0, MAX_DENIALS).flatMap(denialOf),
      ...(unsaid > 0
        ? deny({
            rule: 'R51',
            field: pod.path,
            value: undefined,
            problem: `${unsaid} more of its references are refused`,
            fix: 'mend the ones above, then try again',
          })
        : allow),
    ]
  },
})

const MAX_DENIALS = 20

function denialOf({ requirement, rule: number, reason, fix, manifest: written }: PodResult) {
  const manifest = written()
  const { source, name, key, field } = requirement
  const what = source === 'secret' ? 'Secret' : 'ConfigMap'
  return deny({
    rule: number,
    field,
    value: key === undefined ? name : `${name}/${key}`,
    problem: `is ${key === undefined ? 'a whole' : 'a key of a'} ${what} that cannot be used here: ${reason}`,
    fix: manifest ? `${fix}: echo '${manifest}' | kubectl apply -f -` : fix,
  })
}
