import type { Kind } from '#src/api/kind.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { named } from '#src/lib/references.ts'
import { exceptionOf, isOver } from '#src/policy/exception.ts'
import { kindsNamed } from '#src/policy/kinds.ts'
import type { KyvernoPolicy, PolicyException } from '#src/policy/kyverno.ts'
import { profileOf } from '#src/policy/profile.ts'
import { render } from '#src/policy/render.ts'
import type { Rollout } from '#src/policy/rollout.ts'

/** What is looked at for the sake of policies. */
export const policyKinds: ReadonlySet<Kind> = new Set<Kind>([
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
])

/** What a binding has in force, with the exceptions that hold now; or why only Kyverno can tell. */
export type Bound =
  | {
      readonly policy: KyvernoPolicy
      readonly exceptions: readonly PolicyException[]
      readonly mode: Rollout['mode']
      readonly unknown?: undefined
    }
  | { readonly policy?: undefined; readonly unknown: string }

/** Undefined where a binding has no say on writes of the kind. Pure. */
export function boundOn(kind: Kind, binding: PolicyBinding, cluster: Cluster): Bound | undefined {
  const { templateRef } = binding.spec
  const template = named(PolicyTemplate, templateRef, binding.metadata.namespace!, cluster)
  if (!template)
    return { unknown: `PolicyTemplate "${templateRef}" is not there, or not yours to read` }
  const { type } = template.spec.kyverno
  // What deletes has no say on writes.
  if (!isTarget(template, kind) || type === 'Deleting') return undefined

  const { profile, missing } = profileOf(binding, cluster)
  if (missing !== undefined) return { unknown: `PolicyProfile "${missing}" is not there` }
  const exceptions = grantedFrom(binding, cluster).flatMap(
    request => exceptionOf({ request, binding, template }) ?? [],
  )
  const { now } = cluster
  const { policy, problems, rollout } = render({ template, binding, profile, exceptions, now })
  const [wrong] = problems
  if (wrong) return { unknown: `it cannot become a policy: ${wrong.field} ${wrong.problem}` }
  if (!policy) return undefined
  if (type !== 'Validating') return { unknown: `${type}: only Kyverno can tell` }
  return { policy, exceptions, mode: rollout.mode }
}

const isTarget = ({ spec }: PolicyTemplate, kind: Kind): boolean =>
  spec.targetKinds
    .flatMap(kindsNamed)
    .some(each => each.kind === kind.kind && each.group === kind.group)

/** Requests that somebody approved of, that are not over, and that the policy controller has nothing against. */
const grantedFrom = (
  { metadata }: PolicyBinding,
  cluster: Cluster,
): readonly PolicyExceptionRequest[] =>
  cluster
    .list(PolicyExceptionRequest, metadata.namespace)
    .filter(
      request =>
        request.spec.policyRef === metadata.name &&
        request.spec.decision === 'Approved' &&
        !isOver(request, cluster.now) &&
        !isTurnedDown(request),
    )

const isTurnedDown = ({ status }: PolicyExceptionRequest): boolean =>
  status?.conditions?.some(each => each.type === 'Admitted' && each.status === 'False') ?? false
