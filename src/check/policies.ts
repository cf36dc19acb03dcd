import type { UserInfo } from '#src/api/admission/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { judge, ONLY_KYVERNO, type Judgement } from '#src/policy/evaluate.ts'
import type { PolicyException } from '#src/policy/kyverno.ts'
import { LABEL_EXCEPTION_REQUEST } from '#src/policy/names.ts'
import { boundOn, type Bound } from './bound.ts'
import type { Cause } from './verdict.ts'

/** What the policies that are bound say of a write. */
export interface PoliciesSay {
  /** What policies in enforce refuse. */
  readonly causes: readonly Cause[]
  /** What policies in audit would report. */
  readonly warnings: readonly string[]
  /** Which exceptions let it pass. */
  readonly notes: readonly string[]
  /** The bindings that may have a say, and that only Kyverno can ask. */
  readonly unjudged: readonly string[]
}

export const nothingSaid: PoliciesSay = { causes: [], warnings: [], notes: [], unjudged: [] }

/** A write as it would be admitted. */
export interface Write {
  readonly kind: Kind
  readonly object: UnknownObject
  /** What is there already. */
  readonly old: UnknownObject | undefined
  readonly user: UserInfo
}

/**
 * Asks every binding of the object's namespace as the policy controller and Kyverno would: what it renders to judges the
 * object as admitted. Exceptions count from the second at which they are approved to the one at which they are over. Pure.
 */
export function policiesSay(write: Write, cluster: Cluster): PoliciesSay {
  const { namespace = '' } = write.object.metadata
  if (slugOfNamespace(namespace) === undefined) return nothingSaid
  const said = cluster.list(PolicyBinding, namespace).map(binding => {
    const bound = boundOn(write.kind, binding, cluster)
    return bound ? bindingSays(binding.metadata.name, bound, write, cluster.now) : nothingSaid
  })
  return {
    causes: said.flatMap(({ causes }) => causes),
    warnings: said.flatMap(({ warnings }) => warnings),
    notes: said.flatMap(({ notes }) => notes),
    unjudged: said.flatMap(({ unjudged }) => unjudged),
  }
}

function bindingSays(name: string, bound: Bound, write: Write, now: Date): PoliciesSay {
  const unjudged = (why: string): PoliciesSay => ({
    ...nothingSaid,
    unjudged: [`PolicyBinding "${name}" (${why})`],
  })
  if (bound.unknown !== undefined) return unjudged(bound.unknown)
  const { policy, exceptions, mode } = bound
  const { object, old, user } = write
  const judgement = judge(policy, object, exceptions, now, {
    ...(old && { operation: 'UPDATE', oldObject: old }),
    namespace: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: object.metadata.namespace! },
    },
    userInfo: user,
  })
  // The policy is not about it, by its conditions or by the target of the binding.
  if (!judgement) return nothingSaid
  const { result, message } = judgement
  if (result === 'fail')
    return mode === 'enforce'
      ? refused(message)
      : { ...nothingSaid, warnings: [`${message} (audit: reported, not refused)`] }
  if (result !== 'error') return { ...nothingSaid, notes: notesOn(judgement, name, exceptions) }
  if (message.includes(ONLY_KYVERNO)) return unjudged(message)
  // Its expressions failed on this object; Kyverno then does as its failurePolicy says.
  const said = `policy "${name}" cannot judge it: ${message}`
  return policy.spec.failurePolicy === 'Fail' ? refused(said) : { ...nothingSaid, warnings: [said] }
}

const refused = (message: string): PoliciesSay => ({
  ...nothingSaid,
  causes: [{ source: 'policy', field: '', message }],
})

const notesOn = (
  { exceptions: needed }: Judgement,
  binding: string,
  exceptions: readonly PolicyException[],
): readonly string[] =>
  exceptions
    .filter(({ metadata }) => needed.includes(metadata.name))
    .map(
      ({ metadata, spec }) =>
        `policy "${binding}" would refuse it, but for PolicyExceptionRequest "${metadata.labels?.[LABEL_EXCEPTION_REQUEST]}" until ${spec.expiresAt}`,
    )
