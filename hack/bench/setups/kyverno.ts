import type { Child } from '#hack/local/child.ts'
import { scope } from './scope.ts'
import type { Setup } from './setup.ts'

const { name, matchConstraints, validations } = scope

const validate = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'ValidatingPolicy',
  metadata: { name },
  spec: {
    failurePolicy: 'Fail',
    validationActions: ['Deny'],
    evaluation: { background: { enabled: false } },
    matchConstraints,
    validations,
  },
}

const organisation = "namespaceObject.metadata.labels['kradle.a5c.ai/org']"

/** As cheap as it can be said: one condition, which Kyverno hands to the API server, and two fixed additions. */
const mutate = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'MutatingPolicy',
  metadata: { name: 'bench-organization-defaults' },
  spec: {
    failurePolicy: 'Fail',
    matchConstraints,
    matchConditions: [{ name: 'leaves-it-out', expression: '!has(object.spec.organizationRef)' }],
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: {
          expression: `[
            JSONPatch{op: 'add', path: '/spec/organizationRef', value: ${organisation}},
            JSONPatch{op: 'add', path: '/metadata/labels', value: {'kradle.a5c.ai/org': ${organisation}}}
          ]`,
        },
      },
    ],
  },
}

/** Kyverno with one equal policy, and with one more that fills in what is missing. */
export function kyvernoSetups(child: Child): readonly Setup[] {
  const common = {
    webhooks: /\.kyverno\.svc-fail/,
    refusal: /Policy bench-organization-scope failed/,
    pid: () => child.pid,
  }
  return [
    {
      ...common,
      name: 'kyverno',
      title: 'Kyverno, one ValidatingPolicy',
      configuration: [validate],
      shapes: ['complete'],
      reviews: { complete: 1 },
    },
    {
      ...common,
      name: 'kyverno-two',
      title: 'Kyverno, mutate and validate',
      configuration: [validate, mutate],
      shapes: ['defaults'],
      reviews: { defaults: 2 },
    },
  ]
}
