import { apiVersionOf } from '#src/api/kind.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { PolicyBinding, type PolicyProfile, type PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { listOf, textOf } from '#src/permissions/untyped.ts'
import { problemsOf } from './body.ts'
import { withExceptions } from './exception.ts'
import type {
  KyvernoPolicy,
  MatchConstraints,
  NamedExpression,
  PolicyException,
  Validation,
} from './kyverno.ts'
import { literalOf, textLiteral } from './literal.ts'
import {
  ANNOTATION_POLICY_TEMPLATE,
  ANNOTATION_PROFILE,
  generatedLabels,
  KYVERNO_ANNOTATION_PREFIX,
  KYVERNO_API_VERSION,
  policyKindOf,
  policyNameOf,
} from './names.ts'
import { parametersOf } from './parameters.ts'
import type { Problem } from './problem.ts'
import { rolloutOf, type Rollout } from './rollout.ts'
import { CONDITION_PREFIX, targetConditions } from './target.ts'
import { withVersions } from './versions.ts'

export interface RenderSource {
  readonly template: PolicyTemplate
  readonly binding: PolicyBinding
  readonly profile: PolicyProfile | undefined
  /** Those that hold now, for the annotation by which Kyverno notices them. */
  readonly exceptions?: readonly PolicyException[]
  readonly now: Date
}

/** What a binding becomes. Exactly one of `policy`, `absent` and a problem is there. */
export interface Rendering {
  readonly policy?: KyvernoPolicy
  /** Why there is no policy although nothing is wrong: a condition's reason and message. */
  readonly absent?: { readonly reason: 'Suspended' | 'AuditOnly'; readonly message: string }
  readonly problems: readonly Problem[]
  /** The mode in force, and when to look again. */
  readonly rollout: Rollout
}

/** Makes the Kyverno policy of a binding. Pure; never throws, whatever the template holds. */
export function render({
  template,
  binding,
  profile,
  exceptions = [],
  now,
}: RenderSource): Rendering {
  const rollout = rolloutOf(template, binding, profile, now)
  const { values, problems: misfits } = parametersOf(template, binding.spec.parameters)
  const problems = [...problemsOf(template), ...misfits]
  if (problems.length > 0) return { problems, rollout }
  const { type } = template.spec.kyverno
  if (binding.spec.suspend)
    return {
      problems,
      rollout,
      absent: {
        reason: 'Suspended',
        message: `spec.suspend: the policy is out of force until it is false`,
      },
    }
  if (rollout.mode === 'audit' && !HAS_ACTIONS.has(type))
    return {
      problems,
      rollout,
      absent: {
        reason: 'AuditOnly',
        message: `a ${type} policy cannot only report: it is not there until the mode in force is "enforce"`,
      },
    }
  const parameters = (template.spec.parameters ?? []).map(({ name, type: kind }) => ({
    name,
    expression: literalOf(kind, values.get(name)!),
  }))
  const policy: KyvernoPolicy = {
    apiVersion: KYVERNO_API_VERSION,
    kind: policyKindOf(type),
    metadata: metadataOf(template, binding, profile),
    spec: {
      ...bodyOf(template, binding),
      ...inForce(template, binding, type, rollout),
      ...(HAS_FAILURE_POLICY.has(type) && {
        failurePolicy: failurePolicyOf(template, profile, rollout),
      }),
      variables: [
        ...parameters,
        ...(listOf(template.spec.kyverno.spec['variables']) as readonly NamedExpression[]),
      ],
    },
  }
  return { policy: withExceptions(policy, exceptions), problems, rollout }
}

type Type = PolicyTemplate['spec']['kyverno']['type']

/** Those that know auditing from enforcing. */
const HAS_ACTIONS: ReadonlySet<Type> = new Set(['Validating', 'ImageValidating'])
const HAS_FAILURE_POLICY: ReadonlySet<Type> = new Set(['Validating', 'ImageValidating', 'Mutating'])

function metadataOf(
  template: PolicyTemplate,
  binding: PolicyBinding,
  profile: PolicyProfile | undefined,
) {
  const { organizationRef: org } = binding.spec
  const { name, namespace = orgNamespace(org), uid = '' } = binding.metadata
  const { displayName, category, severity, targetKinds } = template.spec
  const annotation = (key: string, value: string | undefined): Record<string, string> =>
    value === undefined ? {} : { [KYVERNO_ANNOTATION_PREFIX + key]: value }
  return {
    name: policyNameOf(org, name),
    namespace,
    labels: generatedLabels(org, name),
    annotations: {
      [ANNOTATION_POLICY_TEMPLATE]: `${template.metadata.namespace ?? PLATFORM_NAMESPACE}/${template.metadata.name}`,
      ...(profile && { [ANNOTATION_PROFILE]: profile.metadata.name }),
      ...annotation('title', displayName),
      ...annotation('category', category),
      ...annotation('severity', severity),
      ...annotation('subject', targetKinds.join(', ')),
    },
    ownerReferences: [
      {
        apiVersion: apiVersionOf(PolicyBinding),
        kind: PolicyBinding.kind,
        name,
        uid,
        controller: true,
      },
    ],
  }
}

/** The template's own part, with conditions and messages of the binding. */
function bodyOf(template: PolicyTemplate, binding: PolicyBinding): KyvernoPolicy['spec'] {
  const { type, spec } = template.spec.kyverno
  const where = [
    ...targetConditions(binding.spec, type),
    ...(type === 'Deleting' ? [FINISHED] : []),
  ]
  const field = type === 'Deleting' ? 'conditions' : 'matchConditions'
  const conditions = [...where, ...(listOf(spec[field]) as readonly NamedExpression[])]
  const suffix = suffixOf(template, binding)
  return {
    ...spec,
    ...(spec['matchConstraints'] !== undefined && {
      matchConstraints: withVersions(spec['matchConstraints'] as MatchConstraints),
    }),
    ...(conditions.length > 0 && { [field]: conditions }),
    ...(spec['validations'] !== undefined && {
      validations: (listOf(spec['validations']) as readonly Validation[]).map(each =>
        validation(each, type, suffix, template),
      ),
    }),
  }
}

/** Of Kradle's own objects, nothing is deleted but workspaces that nobody can go back to. */
const FINISHED: NamedExpression = {
  name: `${CONDITION_PREFIX}finished`,
  expression:
    'object.?kind.orValue("") != "KradleWorkspace" || object.?status.?phase.orValue("") == "Archived"',
}

/** Ends an exception on the second that it says, whoever is down; see exception.ts. */
const UNTIL = 'exceptions.allowedValues.exists(v, time.now() < timestamp(v))'

/** The line breaks keep a comment at the end of an expression from going on. */
function validation(
  { expression, message, messageExpression, ...rest }: Validation,
  type: Type,
  suffix: string,
  template: PolicyTemplate,
): Validation {
  return {
    ...rest,
    expression: type === 'Validating' ? `(${expression}\n) || ${UNTIL}` : expression,
    ...(messageExpression
      ? { messageExpression: `(${messageExpression}\n) + ${textLiteral(suffix)}` }
      : { message: `${textOf(message).trim() || template.spec.displayName}${suffix}` }),
  }
}

/** Whose the message is, and what to do. */
function suffixOf({ metadata, spec }: PolicyTemplate, binding: PolicyBinding): string {
  const remediation = spec.remediation?.trim().replaceAll(/\s+/g, ' ')
  return ` [${binding.metadata.name}: ${metadata.name}]${remediation ? ` ${remediation}` : ''}`
}

/** What puts the policy in force, and how: the fields that are the binding's alone. A template names the kinds it means. */
function inForce(
  { spec }: PolicyTemplate,
  _: PolicyBinding,
  type: Type,
  { mode }: Rollout,
): Record<string, unknown> {
  if (type === 'Deleting') return {}
  const own = spec.kyverno.spec['evaluation'] as object | undefined
  const evaluation = { ...own, admission: { enabled: true } }
  if (!HAS_ACTIONS.has(type))
    return type === 'Mutating' ? { evaluation, autogen: NO_AUTOGEN } : { evaluation }
  return {
    evaluation: { ...evaluation, background: { enabled: true } },
    autogen: NO_AUTOGEN,
    validationActions: [mode === 'enforce' ? 'Deny' : 'Audit'],
  }
}

const NO_AUTOGEN = { podControllers: { controllers: [] } }

/** What only reports never gets in the way, not even when Kyverno is down (R204). */
function failurePolicyOf(
  template: PolicyTemplate,
  profile: PolicyProfile | undefined,
  { mode }: Rollout,
): 'Fail' | 'Ignore' {
  const wanted = template.spec.rolloutDefaults?.failurePolicy ?? profile?.spec.failurePolicy
  return mode === 'audit' || wanted === 'failOpen' ? 'Ignore' : 'Fail'
}
