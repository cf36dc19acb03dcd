import { PolicyBinding, PolicyExceptionRequest, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Person } from '#test/support/people.ts'

/** Objects of an organisation's policies, as people write them. */
export const NAMESPACE = 'kradle-org-acme'

const objectOf = <T extends KubernetesObject>(kind: Kind<T>, name: string, spec: object): T =>
  ({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace: NAMESPACE },
    spec,
  }) as unknown as T

/** Names of a kind have to be long enough: a parameter, a message of its own, and a remediation. */
export const lengthTemplate = (
  name: string,
  { kind, group, plural, field }: { kind: string; group: string; plural: string; field: string },
  spec: object = {},
): PolicyTemplate =>
  objectOf(PolicyTemplate, name, {
    displayName: `${kind}s say what they are`,
    category: 'Names',
    severity: 'low',
    targetKinds: [kind],
    parameters: [{ name: 'minLength', type: 'integer', default: 8, minimum: 1, maximum: 200 }],
    kyverno: {
      type: 'Validating',
      spec: {
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [group],
              apiVersions: ['v1alpha1'],
              operations: ['CREATE', 'UPDATE'],
              resources: [plural],
            },
          ],
        },
        validations: [
          {
            expression: `size(object.spec.${field}) >= variables.minLength`,
            messageExpression: `'"' + object.spec.${field} + '" is shorter than ' + string(variables.minLength) + ' characters'`,
          },
        ],
      },
    },
    remediation: 'Write a name that people understand.',
    ...spec,
  })

export const teamNames = (name = 'team-names', spec: object = {}): PolicyTemplate =>
  lengthTemplate(
    name,
    { kind: 'Team', group: 'kradle.a5c.ai', plural: 'teams', field: 'displayName' },
    spec,
  )

export const pullRequestTitles = (name = 'pr-titles'): PolicyTemplate =>
  lengthTemplate(name, {
    kind: 'PullRequest',
    group: 'activity.kradle.a5c.ai',
    plural: 'pullrequests',
    field: 'title',
  })

export const bindingOf = (name: string, templateRef: string, spec: object = {}): PolicyBinding =>
  objectOf(PolicyBinding, name, {
    organizationRef: 'acme',
    templateRef,
    mode: 'audit',
    parameters: { minLength: 12 },
    ...spec,
  })

/** For a while, in seconds. */
export const requestOf = (
  name: string,
  policyRef: string,
  resource: { readonly kind: string; readonly name: string },
  seconds = 3600,
): PolicyExceptionRequest =>
  objectOf(PolicyExceptionRequest, name, {
    organizationRef: 'acme',
    policyRef,
    justification: 'It was called so before.',
    riskAcceptance: 'Core bears it.',
    expiresAt: `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`,
    resources: [resource],
  })

/** Has somebody decide; the refusal, or ''. */
export const decide = (person: Person, name: string, decision = 'Approved'): Promise<string> =>
  person.send(
    'PATCH',
    `/apis/kradle.a5c.ai/v1alpha1/namespaces/${NAMESPACE}/policyexceptionrequests/${name}`,
    { spec: { decision, reason: 'Why not.' } },
    'application/merge-patch+json',
  )
