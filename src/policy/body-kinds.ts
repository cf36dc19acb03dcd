import {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
  AuthProvider,
  IdentityMapping,
  Invite,
  Team,
  User,
} from '#src/api/identity/v1alpha1.ts'
import { AgentApproval, ExternalWriteIntent, Review } from '#src/api/activity/v1alpha1.ts'
import { ArtifactAccessPolicy } from '#src/api/artifacts/v1alpha1.ts'
import { Secret, ServiceAccount } from '#src/api/core/v1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { RefPolicy, RepositoryPermission, SSHKey } from '#src/api/data-plane/v1alpha1.ts'
import { KradleWorkspacePolicy } from '#src/api/agents/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { ACTIVITY_GROUP, GROUP } from '#src/api/names.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { isMap, listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import { BODY } from './body-fields.ts'
import { judgedKinds, kindsNamed, targetName } from './kinds.ts'
import type { Problem } from './problem.ts'

/** What somebody decided, was granted, is, or is bound by: nobody's policy puts words into it. */
const NEVER_MUTATED: ReadonlySet<Kind> = new Set<Kind>([
  AgentApproval,
  ExternalWriteIntent,
  Review,
  PolicyExceptionRequest,
  AgentConfigGrant,
  AgentSecretGrant,
  AgentRoleBinding,
  ArtifactAccessPolicy,
  RepositoryPermission,
  SSHKey,
  AgentServiceAccount,
  AuthProvider,
  IdentityMapping,
  Invite,
  Team,
  User,
  ServiceAccount,
  Secret,
  PolicyBinding,
  PolicyProfile,
  PolicyTemplate,
  BranchProtection,
  RefPolicy,
  KradleWorkspacePolicy,
])

/** The kinds that a template judges, or what is wrong with what it says about them (R203, R205). */
export function kindProblems(template: PolicyTemplate, isPlatform: boolean): readonly Problem[] {
  return [
    ...template.spec.targetKinds.flatMap((target, index) =>
      targetProblems(template, isPlatform, target, `spec.targetKinds[${index}]`),
    ),
    ...constraintProblems(template, 'matchConstraints'),
    ...constraintProblems(template, 'targetMatchConstraints'),
  ]
}

function targetProblems(
  { spec }: PolicyTemplate,
  isPlatform: boolean,
  target: string,
  field: string,
): Problem[] {
  const found = kindsNamed(target)
  const [kind] = found
  const { type } = spec.kyverno
  const refused = (rule: string, problem: string, fix: string): Problem[] => [
    { rule, field, value: target, problem, fix },
  ]
  if (!kind)
    return refused(
      'R205',
      'is no kind that policies judge: it is neither one of Kradle in the namespace of an organisation nor a workload',
      'write the name of a kind as in docs/reference/kinds, or with its group as in batch/Job',
    )
  if (found.length > 1)
    return refused(
      'R205',
      `is the name of ${found.length} kinds`,
      `write ${found.map(targetName).join(' or ')}`,
    )
  const isOfKradle = kind.group === GROUP || kind.group === ACTIVITY_GROUP
  if (type === 'Deleting' && isOfKradle && kind !== KradleWorkspace)
    return refused(
      'R203',
      'is a kind of Kradle, and of those policies delete finished workspaces alone',
      'have its own controller or retention end its objects',
    )
  if (isPlatform) return []
  if (kind === Secret)
    return refused(
      'R203',
      'is judged by templates of the platform alone, since messages and reports would show what is in it',
      'have a platform admin create the template in "kradle-system"',
    )
  if (type === 'Mutating' && NEVER_MUTATED.has(kind))
    return refused(
      'R203',
      "is about decisions, grants, identity or policy, and no organisation's template changes what others write there",
      'use a Validating template, or have a platform admin create it in "kradle-system"',
    )
  return []
}

/** Rules have to name the kinds of targetKinds, and no other: what a template judges is to be seen from there. */
function constraintProblems({ spec }: PolicyTemplate, name: string): Problem[] {
  const field = `${BODY}.${name}`
  const constraints = spec.kyverno.spec[name]
  if (constraints === undefined && name !== 'matchConstraints') return []
  const rules = listOf(mapOf(constraints)['resourceRules'])
  const targets = spec.targetKinds.flatMap(kindsNamed)
  const problems: Problem[] = []
  const refuse = (rule: string, at: string, value: unknown, problem: string, fix: string): void => {
    problems.push({ rule, field: `${field}${at}`, value, problem, fix })
  }
  if (isMap(constraints) && constraints['namespaceSelector'] !== undefined)
    refuse(
      'R203',
      '.namespaceSelector',
      undefined,
      'is not for a template to say',
      'leave it out: a policy judges the namespace of its PolicyBinding alone',
    )
  // A target of mutations may be computed instead.
  if (rules.length === 0 && mapOf(constraints)['expression'] === undefined)
    refuse(
      'R205',
      '.resourceRules',
      undefined,
      'is missing or empty',
      `write a rule for ${spec.targetKinds.join(', ')}`,
    )
  rules.forEach((each, index) => {
    const at = `.resourceRules[${index}]`
    const rule = mapOf(each)
    const groups = listOf(rule['apiGroups']).map(textOf)
    const resources = listOf(rule['resources']).map(textOf)
    for (const [key, values] of [
      ['apiGroups', groups],
      ['resources', resources],
    ] as const) {
      if (values.length === 0)
        refuse('R205', `${at}.${key}`, rule[key], 'is missing or empty', 'name what is meant')
      values.forEach((value, item) => {
        if (value.split('/')[0] === '*')
          refuse(
            'R205',
            `${at}.${key}[${item}]`,
            value,
            'stands for kinds that targetKinds does not name',
            'name what is meant',
          )
      })
    }
    if (listOf(rule['operations']).length === 0)
      refuse(
        'R205',
        `${at}.operations`,
        rule['operations'],
        'is missing or empty',
        'write CREATE, UPDATE, or what is meant',
      )
    resources.forEach((resource, item) => {
      const plural = resource.split('/')[0]!
      if (plural === '*') return
      const meant = groups.map(group =>
        judgedKinds.find(kind => kind.group === group && kind.plural === plural),
      )
      const targeted = meant.filter(kind => kind !== undefined && targets.includes(kind))
      const stray = meant.find(kind => kind !== undefined && !targets.includes(kind))
      if (stray)
        refuse(
          'R205',
          `${at}.resources[${item}]`,
          resource,
          `is ${targetName(stray)}, which targetKinds does not name`,
          `add "${targetName(stray)}" to spec.targetKinds, or take it away here`,
        )
      else if (targeted.length === 0)
        refuse(
          'R205',
          `${at}.resources[${item}]`,
          resource,
          `is no resource of targetKinds in ${groups.map(group => `"${group}"`).join(', ')}`,
          `write ${targets.map(kind => `${kind.plural} of "${kind.group}"`).join(', ') || 'the plural of one of them, and its group'}`,
        )
    })
  })
  return problems
}
