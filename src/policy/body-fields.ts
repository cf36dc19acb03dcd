import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { isMap } from '#src/permissions/untyped.ts'
import type { PolicyType } from './names.ts'
import type { Problem } from './problem.ts'

/** Where the body stands in a template. */
export const BODY = 'spec.kyverno.spec'

const COMMON = ['matchConstraints', 'matchConditions', 'variables', 'auditAnnotations']

/** The fields of each type's spec that a template writes. */
const FIELDS: Readonly<Record<PolicyType, readonly string[]>> = {
  Validating: [...COMMON, 'validations'],
  Mutating: [...COMMON, 'mutations', 'reinvocationPolicy'],
  Generating: [...COMMON, 'generate', 'evaluation', 'useServerSideApply'],
  ImageValidating: [
    ...COMMON,
    'validations',
    'validationConfigurations',
    'matchImageReferences',
    'credentials',
    'images',
    'attestors',
    'attestations',
  ],
  Deleting: [
    'matchConstraints',
    'variables',
    'conditions',
    'schedule',
    'deletionPropagationPolicy',
  ],
}

/** What Kyverno changes or looks at by itself, with rights of its own: for the platform. */
const PLATFORM_FIELDS: Readonly<Partial<Record<PolicyType, readonly string[]>>> = {
  Mutating: ['targetMatchConstraints', 'targetMatchConditions', 'evaluation'],
}

/** Where else it is said; these fields are of the policy that a binding makes. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  validationActions: 'the mode of each PolicyBinding says it',
  failurePolicy: 'write spec.rolloutDefaults.failurePolicy, or leave it to the PolicyProfile',
  evaluation: 'a policy is in force while its PolicyBinding is not suspended',
  webhookConfiguration: 'Kradle sets it',
  autogen: 'name in targetKinds and matchConstraints all kinds that are meant',
  paramKind: 'declare parameters in spec.parameters, and read them as variables.<name>',
}

/** What of `evaluation` is the binding's. */
const OF_THE_BINDING: readonly string[] = ['admission', 'background', 'mode']

/** Fields that the body may not have, or has to have. */
export function fieldProblems(template: PolicyTemplate, isPlatform: boolean): readonly Problem[] {
  const { type, spec } = template.spec.kyverno
  const ofPlatform = PLATFORM_FIELDS[type] ?? []
  const allowed = [...FIELDS[type], ...(isPlatform ? ofPlatform : [])]
  const problems = Object.keys(spec)
    .filter(field => !allowed.includes(field))
    .map(field => ({
      rule: 'R203',
      field: `${BODY}.${field}`,
      value: undefined,
      ...(ofPlatform.includes(field)
        ? {
            problem:
              'is for templates of the platform, since Kyverno changes objects by it with rights of its own',
            fix: 'leave it out, or have a platform admin create the template in "kradle-system"',
          }
        : {
            problem: ELSEWHERE[field]
              ? 'is not for a template to say'
              : `is no field of a ${type} policy's template`,
            fix: `leave it out: ${ELSEWHERE[field] ?? `it has ${allowed.join(', ')}`}`,
          }),
    }))
  return [...problems, ...evaluationProblems(spec['evaluation'], allowed), ...missing(template)]
}

function evaluationProblems(evaluation: unknown, allowed: readonly string[]): Problem[] {
  if (!isMap(evaluation) || !allowed.includes('evaluation')) return []
  return OF_THE_BINDING.filter(field => Object.hasOwn(evaluation, field)).map(field => ({
    rule: 'R203',
    field: `${BODY}.evaluation.${field}`,
    value: undefined,
    problem: 'is not for a template to say',
    fix: `leave it out: ${ELSEWHERE['evaluation']}`,
  }))
}

/** What does something, and without which the policy does nothing at all. */
const NEEDED: Readonly<Record<PolicyType, string>> = {
  Validating: 'validations',
  Mutating: 'mutations',
  Generating: 'generate',
  ImageValidating: 'validations',
  Deleting: 'conditions',
}

function missing({ spec: { kyverno } }: PolicyTemplate): Problem[] {
  const field = NEEDED[kyverno.type]
  const value = kyverno.spec[field]
  if (Array.isArray(value) && value.length > 0) return []
  return [
    {
      rule: 'R203',
      field: `${BODY}.${field}`,
      value,
      problem: `${value === undefined ? 'is missing' : 'is no list of at least one'}; without it a ${kyverno.type} policy does nothing`,
      fix: 'write what the policy is to do',
    },
  ]
}
