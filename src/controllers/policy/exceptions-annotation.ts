import { PolicyException } from '#src/api/kyverno/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { withExceptions } from '#src/policy/exception.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { ANNOTATION_EXCEPTIONS } from '#src/policy/names.ts'

/** The exceptions from a policy that Kyverno can see, whoever wrote them. */
export const exceptionsFrom = (policyName: string, cluster: Cluster): readonly PolicyException[] =>
  cluster
    .list(PolicyException, PLATFORM_NAMESPACE)
    .filter(({ spec }) => spec.policyRefs.some(({ name }) => name === policyName))

/** How long Kyverno may take to see an exception, in milliseconds. */
const SETTLED_MS = 5000

/** What stands for none once there has been one. */
const NONE = '0'

export interface Annotated {
  readonly policy: KyvernoPolicy
  /** When to look again, in seconds. */
  readonly lookAgain?: number
}

/**
 * The policy with the digest of its exceptions, by which Kyverno notices that they changed.
 *
 * Kyverno learns of policies and of exceptions on two ways, and compiles when the policy changes:
 * if that comes first, it compiles without the exception and never looks again. So the policy
 * changes twice, at once (`<digest>@<time>`) and a while later (`<digest>`). `before` is the
 * policy as it stands.
 */
export function annotated(
  policy: KyvernoPolicy,
  before: KubernetesObject | undefined,
  exceptions: readonly PolicyException[],
  now: Date,
): Annotated {
  const digest = digestOf(policy, exceptions)
  const stands = before?.metadata.annotations?.[ANNOTATION_EXCEPTIONS]
  if (!before || (stands === undefined && digest === NONE))
    return { policy: withExceptions(policy, exceptions) }
  const [known, since] = stands?.split('@') ?? []
  if (known !== digest)
    return {
      policy: annotatedWith(policy, `${digest}@${now.toISOString()}`),
      lookAgain: SETTLED_MS / 1000,
    }
  const left = since === undefined ? 0 : Date.parse(since) + SETTLED_MS - now.getTime()
  // A time that is none, or one to come, would otherwise stay for good.
  if (!(left > 0 && left <= SETTLED_MS)) return { policy: annotatedWith(policy, digest) }
  return { policy: annotatedWith(policy, String(stands)), lookAgain: left / 1000 }
}

/** Whether the policy as it stands was changed for just these exceptions. */
export const isAnnotatedFor = (
  policy: KubernetesObject,
  exceptions: readonly PolicyException[],
): boolean => {
  const stands = policy.metadata.annotations?.[ANNOTATION_EXCEPTIONS] ?? NONE
  return stands.split('@')[0] === digestOf(policy as KyvernoPolicy, exceptions)
}

const digestOf = (policy: KyvernoPolicy, exceptions: readonly PolicyException[]): string =>
  withExceptions(policy, exceptions).metadata.annotations?.[ANNOTATION_EXCEPTIONS] ?? NONE

const annotatedWith = (policy: KyvernoPolicy, value: string): KyvernoPolicy => ({
  ...policy,
  metadata: {
    ...policy.metadata,
    annotations: { ...policy.metadata.annotations, [ANNOTATION_EXCEPTIONS]: value },
  },
})
