import { AgentServiceAccount, IdentityMapping, Team } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import type { Request } from '#webhooks/rule.ts'
import { objectOf, request } from './fixtures.ts'

export const namespace = 'kradle-org-acme'

/** A request of joe's that is in order, at the time of unit tests. */
export const asked = (spec: object = {}): PolicyExceptionRequest =>
  objectOf(PolicyExceptionRequest, {
    metadata: { name: 'short-title', namespace },
    spec: {
      organizationRef: 'acme',
      policyRef: 'titles',
      justification: 'The importer writes these.',
      riskAcceptance: 'Core reads them by hand.',
      expiresAt: '2026-11-28T12:00:00Z',
      resources: [{ kind: 'PullRequest', name: 'pr-17' }],
      requestedBy: 'joe',
      ...spec,
    },
  } as never)

export const asking = (spec: object = {}, username = 'joe'): Request => ({
  ...request('CREATE', PolicyExceptionRequest, asked(spec)),
  user: { username },
})

/** The same by nobody in particular. */
export const byNobody = (write: Request): Request => ({ ...write, user: {} })

/** Somebody decides, on what was asked before. */
export function deciding(username = 'jane', change: object = {}, before: object = {}): Request {
  const old = asked(before)
  const decision = { decision: 'Approved', reason: 'Why not.', decidedBy: username }
  const spec = { ...old.spec, ...decision, ...change }
  return {
    ...request('UPDATE', PolicyExceptionRequest, { ...old, spec } as never, old),
    user: { username },
  }
}

export const policyBinding = (spec: object = {}): PolicyBinding =>
  objectOf(PolicyBinding, {
    metadata: { name: 'titles', namespace },
    spec: { templateRef: 'pull-request-title', mode: 'enforce', suspend: false, ...spec },
  } as never)

export const policyTemplate = (...targetKinds: string[]): PolicyTemplate =>
  objectOf(PolicyTemplate, {
    metadata: { name: 'pull-request-title', namespace },
    spec: { displayName: 'Titles', targetKinds },
  } as never)

export const policyProfile = (exceptions: object = {}, spec: object = {}): PolicyProfile =>
  objectOf(PolicyProfile, {
    metadata: { name: 'standard', namespace },
    spec: {
      mode: 'mixed',
      exceptions: {
        allowed: true,
        maxDurationDays: 30,
        requireRiskAcceptance: true,
        ...exceptions,
      },
      ...spec,
    },
  } as never)

/** Joe with two accounts, jane and jim; jim and joe are in team core, and robot is the account of an agent. */
export const everybody: readonly KubernetesObject[] = [
  ...Object.entries({ joe: 'joe', 'joe@home': 'joe', jane: 'jane', jim: 'jim' }).map(
    ([subject, user]) =>
      objectOf(IdentityMapping, {
        metadata: { name: subject.replace('@', '-'), namespace },
        spec: { provider: 'kubernetes', subject, user },
      } as never),
  ),
  objectOf(Team, {
    metadata: { name: 'core', namespace },
    spec: { displayName: 'Core', members: ['jim'], maintainers: ['joe'] },
  } as never),
  objectOf(AgentServiceAccount, {
    metadata: { name: 'robot', namespace },
    spec: { serviceAccountName: 'robot', namespace },
  } as never),
]
