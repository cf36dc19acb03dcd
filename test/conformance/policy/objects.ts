import { kradle } from '../runner/objects.ts'

/** Names of Teams have to be long enough: a parameter, a message of its own, and what to do. */
export const template = kradle('PolicyTemplate', 'team-names', {
  displayName: 'Teams say what they are',
  category: 'Names',
  severity: 'low',
  targetKinds: ['Team'],
  parameters: [{ name: 'minLength', type: 'integer', default: 8, minimum: 1, maximum: 200 }],
  kyverno: {
    type: 'Validating',
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['kradle.a5c.ai'],
            apiVersions: ['v1alpha1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['teams'],
          },
        ],
      },
      validations: [
        {
          expression: 'size(object.spec.displayName) >= variables.minLength',
          messageExpression: `'"' + object.spec.displayName + '" is shorter than ' + string(variables.minLength) + ' characters'`,
        },
      ],
    },
  },
  remediation: 'Write a name that people understand.',
})

export const binding = (name: string, templateRef: string, spec: object) =>
  kradle('PolicyBinding', name, { templateRef, ...spec })

/** A binding of that template for the objects of one scenario, so that no other is in its way. */
export const bindingFor = (name: string, mode: string) =>
  binding(name, 'team-names', {
    mode,
    parameters: { minLength: 12 },
    match: { matchLabels: { judged: name } },
  })

/** A Team that a binding judges; with a name that is too short, unless another is given. */
export const team = (judged: string, name: string, displayName = 'Short') =>
  kradle('Team', name, { displayName }, { labels: { judged } })

/** For so many seconds from now. */
export const request = (name: string, policyRef: string, of: string, seconds: number) =>
  kradle('PolicyExceptionRequest', name, {
    policyRef,
    resources: [{ kind: 'Team', name: of }],
    justification: 'It was called so before.',
    riskAcceptance: 'Core bears it.',
    expiresAt: `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`,
  })
