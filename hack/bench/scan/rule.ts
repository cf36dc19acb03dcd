/**
 * The one rule that Kyverno looks through everything by: an object that says whose it is says whose its namespace is. It
 * reports, and does not refuse.
 *
 * With every version by name: kinds that are to be looked through are found by exactly what stands here, and nothing is of
 * version `*` (resolveKinds in Kyverno's pkg/admissionpolicy).
 */
export const rule = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'ValidatingPolicy',
  metadata: { name: 'bench-scan' },
  spec: {
    validationActions: ['Audit'],
    evaluation: { background: { enabled: true }, admission: { enabled: false } },
    matchConstraints: {
      resourceRules: [
        ['kradle.a5c.ai', 'v1alpha1', ['teams', 'repositories']],
        ['activity.kradle.a5c.ai', 'v1alpha1', ['issues']],
        ['', 'v1', ['pods']],
      ].map(([apiGroup, version, resources]) => ({
        apiGroups: [apiGroup],
        apiVersions: [version],
        operations: ['CREATE', 'UPDATE'],
        resources,
      })),
    },
    validations: [
      {
        expression:
          "!has(object.spec.organizationRef) || object.spec.organizationRef == namespaceObject.metadata.labels['kradle.a5c.ai/org']",
        message: 'spec.organizationRef is not the organisation of the namespace',
      },
    ],
  },
} as const
