import type { Kyverno } from '#hack/local/kyverno/kyverno.ts'
import type { Manifest } from '#hack/local/manifests.ts'
import { scope } from './scope.ts'
import type { Setup, Shape } from './setup.ts'

/** A policy that refuses, and does not go through what is there already. */
export function validatingPolicy(name: string, rules: object): Manifest {
  const policy = {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ValidatingPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      validationActions: ['Deny'],
      evaluation: { background: { enabled: false } },
      ...rules,
    },
  }
  return policy
}

const { name, matchConstraints, validations } = scope
const validate = validatingPolicy(name, { matchConstraints, validations })

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

type Options = Pick<Setup, 'name' | 'title' | 'configuration' | 'refusal'> & {
  readonly shape: Shape
}

/** Kyverno with policies that all match what is created, each by a review of its own. */
export const kyvernoSetup = (kyverno: Kyverno, { shape, ...options }: Options): Setup => ({
  ...options,
  shapes: [shape],
  reviews: { [shape]: options.configuration.length },
  webhooks: /\.kyverno\.svc-fail/,
  pid: () => kyverno.pid('admission'),
})

/** With one equal policy, and with one more that fills in what is missing. */
export function kyvernoSetups(kyverno: Kyverno): readonly Setup[] {
  const refusal = /Policy bench-organization-scope failed/
  return [
    kyvernoSetup(kyverno, {
      name: 'kyverno',
      title: 'Kyverno, one ValidatingPolicy',
      configuration: [validate],
      shape: 'complete',
      refusal,
    }),
    kyvernoSetup(kyverno, {
      name: 'kyverno-two',
      title: 'Kyverno, mutate and validate',
      configuration: [validate, mutate],
      shape: 'defaults',
      refusal,
    }),
  ]
}
