import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import {
  DEFAULT_EXCEPTION_RULES,
  profileOf,
  type ExceptionRules,
  type ProfileOf,
} from '#src/policy/profile.ts'
import type { Read, Request } from './rule.ts'

/** Whether this very write decides on a PolicyExceptionRequest that is there. */
export const isDeciding = ({ operation, object, oldObject }: Request): boolean =>
  operation === 'UPDATE' &&
  object.spec['decision'] !== undefined &&
  oldObject?.spec['decision'] === undefined

/** Whether it asks, or lets what is asked happen: then what is asked for has to be in order. */
export const isAskingOrApproving = (request: Request): boolean =>
  request.operation === 'CREATE' ||
  (isDeciding(request) && request.object.spec['decision'] === 'Approved')

/** How to read the binding: made a moment before, or, for a decision, changed a moment before. */
export function bindingReads(request: Request): readonly Read[] {
  const name = textOf(request.object.spec['policyRef'])
  if (name === '' || (request.operation !== 'CREATE' && !isDeciding(request))) return []
  const fresh = request.operation === 'CREATE' ? 'on-miss' : 'live'
  return [{ kind: PolicyBinding, name, namespace: request.namespace, fresh }]
}

/** The binding that a request is about, and what its profile says about exceptions. */
export interface Asked extends ProfileOf {
  readonly binding: PolicyBinding | undefined
  readonly rules: ExceptionRules
  /** Whose rules these are, for messages. */
  readonly says: string
}

export function askedOf({ object, namespace }: Request, cluster: Cluster): Asked {
  const name = textOf(object.spec['policyRef'])
  const binding = name === '' ? undefined : cluster.get(PolicyBinding, name, namespace)
  const found: ProfileOf = binding ? profileOf(binding, cluster) : {}
  return {
    binding,
    ...found,
    rules: found.profile?.spec.exceptions ?? DEFAULT_EXCEPTION_RULES,
    says: found.profile
      ? `PolicyProfile "${found.profile.metadata.name}"`
      : 'the default, since no PolicyProfile says otherwise,',
  }
}
