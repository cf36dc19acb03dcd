import { namespacedPolicies } from '#src/api/kyverno/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PolicyTemplate, type PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { listed, met, unmet } from '#src/lib/conditions.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { named } from '#src/lib/references.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { policyKindOf, policyNameOf } from '#src/policy/names.ts'
import { profileOf } from '#src/policy/profile.ts'
import { render, type RenderSource, type Rendering } from '#src/policy/render.ts'
import { rolloutOf, type Rollout } from '#src/policy/rollout.ts'
import { asClause } from './problem-clause.ts'

/** What should become of a binding, without regard to whether Kyverno is there. */
export interface BindingPlan {
  readonly resolved: ConditionInput
  readonly rendered: ConditionInput
  /** Kyverno's kind; undefined where there is no template to say. */
  readonly kind: Kind | undefined
  /** The policy as it should be, without its exceptions. */
  readonly policy: KyvernoPolicy | undefined
  /** Why there is to be none; where this and `policy` are missing, what is there stays in force as it is. */
  readonly absent: { readonly reason: string; readonly message: string } | undefined
  /** The mode in force; undefined where nobody can tell. */
  readonly rollout: Rollout | undefined
}

const unrendered = unmet('PolicyRendered', 'TemplateMissing', 'There is no template to render')

/**
 * What is missing or wrong leaves the policy that is there in force as it is: whoever deletes a
 * template or a profile must not free everybody from what was bound. Only suspend ends it.
 */
export function bindingPlan(binding: PolicyBinding, cluster: Cluster): BindingPlan {
  const { templateRef, suspend } = binding.spec
  const namespace = binding.metadata.namespace ?? ''
  const template = named(PolicyTemplate, templateRef, namespace, cluster)
  const suspended = suspend
    ? {
        reason: 'Suspended',
        message: 'The policy is out of force until spec.suspend is false',
      }
    : undefined
  if (!template)
    return {
      resolved: unmet(
        'TemplateResolved',
        'TemplateMissing',
        `spec.templateRef: there is no PolicyTemplate "${templateRef}", neither here nor in kradle-system; create it, or delete the binding [R200]`,
      ),
      rendered: unrendered,
      kind: undefined,
      policy: undefined,
      absent: suspended,
      rollout: undefined,
    }
  const kind = kindOf(policyKindOf(template.spec.kyverno.type))
  const resolved = met(
    'TemplateResolved',
    'Found',
    `PolicyTemplate "${templateRef}" is in ${template.metadata.namespace}`,
  )
  const { profile, missing } = profileOf(binding, cluster)
  if (missing !== undefined)
    return {
      resolved,
      rendered: unmet(
        'PolicyRendered',
        'ProfileMissing',
        `spec.profileRef: there is no PolicyProfile "${missing}", so nobody can tell how far the policy may go; create it, or name another [R199]`,
      ),
      kind,
      policy: undefined,
      absent: suspended,
      rollout: undefined,
    }
  const rollout = rolloutOf(template, binding, profile, cluster.now)
  const { policy, absent, problems } = rendered(
    { template, binding, profile, now: cluster.now },
    rollout,
  )
  return {
    resolved,
    rendered:
      problems.length > 0
        ? unmet('PolicyRendered', 'Invalid', listed(problems.map(asClause)))
        : met(
            'PolicyRendered',
            'Rendered',
            `${kind?.kind} "${policyNameOf(binding.spec.organizationRef, binding.metadata.name)}" is what becomes of it`,
          ),
    kind,
    policy,
    absent: suspended ?? absent,
    rollout,
  }
}

/**
 * The same again for the same objects: a rendering compiles every expression, and a binding is
 * looked at whenever anything is reported. Objects of stores are never changed, only replaced.
 */
function rendered(source: RenderSource, { mode }: Rollout): Rendering {
  const known = renderings.get(source.binding)
  if (
    known?.source.template === source.template &&
    known.source.profile === source.profile &&
    known.mode === mode
  )
    return known.rendering
  const rendering = render(source)
  renderings.set(source.binding, { source, mode, rendering })
  return rendering
}

const renderings = new WeakMap<
  PolicyBinding,
  {
    readonly source: RenderSource
    readonly mode: Rollout['mode']
    readonly rendering: Rendering
  }
>()

export const kindOf = (name: string): Kind | undefined =>
  namespacedPolicies.find(({ kind }) => kind === name)

/** A policy as it stands, to be applied again as it is: for changing nothing but its annotations. */
export function asItStands({
  apiVersion,
  kind,
  metadata,
  ...rest
}: KubernetesObject): KyvernoPolicy {
  const { name, namespace, labels, annotations, ownerReferences } = metadata
  const { spec } = rest as KyvernoPolicy
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(ownerReferences && { ownerReferences }),
    },
    spec,
  }
}
