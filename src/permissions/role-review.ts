import type { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import type { Verdict } from './grants.ts'

/** What a role binding of a stack is judged by. */
export interface RoleHolder {
  readonly stack: string
  readonly account: string
  readonly repository: string | undefined
}

/** Whether a role binding is for a stack or its account. */
export const bindsHolder = (
  { spec: { subject } }: AgentRoleBinding,
  { stack, account }: RoleHolder,
): boolean => subject.name === (subject.kind === 'agent-stack' ? stack : account)

/**
 * What one role binding gives its stack. A native object that has more than was declared
 * comes before everything else about it: that may be an attack in progress.
 */
export function judgeRole(binding: AgentRoleBinding, holder: RoleHolder): Verdict {
  const { metadata, spec, status } = binding
  const say = (answer: Verdict['answer'], rule: string, reason: string, fix: string): Verdict => ({
    answer,
    rule,
    reason: `role binding "${metadata.name}" ${reason}`,
    fix,
    grant: metadata.name,
  })
  if (!bindsHolder(binding, holder))
    return say(
      'denied',
      'R65',
      `is for neither stack "${holder.stack}" nor account "${holder.account}"`,
      'take it out of spec.permissionRefs.roleBindings, or have one made for the stack',
    )
  const broken = status?.conditions?.find(
    ({ type, status: holds }) => native.has(type) && holds === 'False',
  )
  if (broken?.reason === 'DriftEscalates')
    return say(
      'driftedNativeObject',
      'R45',
      'has been given more than it declares',
      `look at its condition ${broken.type}, find out who did that, then delete the Role and RoleBinding "kradle-agent-${metadata.name}"; they are made anew`,
    )
  if (broken)
    return say(
      'denied',
      'R44',
      `has no native role behind it: ${broken.type} is False, ${broken.reason}`,
      'mend what its conditions say',
    )
  if (metadata.deletionTimestamp)
    return say('staleGrant', 'R44', 'is being deleted', 'have it made anew')
  const { kind, repositories = [] } = spec.scope
  if (kind === 'repository' && !repositories.some(name => name === holder.repository))
    return say(
      'denied',
      'R44',
      holder.repository === undefined
        ? 'is for certain repositories, and none is stated'
        : `is not for repository "${holder.repository}"`,
      'run it on a repository in its scope, or have the scope changed',
    )
  return say('allowed', 'R44', 'holds', '')
}

const native = new Set([
  'RoleResolved',
  'SubjectsResolved',
  'NativeBindingSynced',
  'EscalationAdmitted',
])
