import { teamGroup } from '#hack/bench/teams.ts'

/**
 * The one rule that every policy engine is given: organizationRef and label are
 * those of the namespace. Word for word the same CEL for the API server and Kyverno.
 */
export const scope = {
  name: 'bench-organization-scope',
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: [teamGroup],
        apiVersions: ['*'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['teams'],
      },
    ],
  },
  validations: [
    {
      expression:
        "object.spec.organizationRef == namespaceObject.metadata.labels['kradle.a5c.ai/org']",
      message: 'spec.organizationRef is not the organisation of the namespace',
    },
    {
      expression:
        "object.metadata.?labels[?'kradle.a5c.ai/org'].orValue('') == namespaceObject.metadata.labels['kradle.a5c.ai/org']",
      message: 'the organisation label is not the organisation of the namespace',
    },
  ],
} as const
