import type { EmptyWebhook } from '#hack/bench/empty/process.ts'
import { scope } from './scope.ts'
import type { Setup } from './setup.ts'

/** A Node webhook that allows everything: once to validate, and once more to patch. */
export function emptySetups({ child, url, caBundle }: EmptyWebhook): readonly Setup[] {
  const configuration = (kind: string, path: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'bench-empty' },
    webhooks: [
      {
        name: `${path}.empty.bench.invalid`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 5,
        failurePolicy: 'Fail',
        rules: scope.matchConstraints.resourceRules,
        clientConfig: { url: `${url}/${path}`, caBundle },
      },
    ],
  })
  const validate = configuration('ValidatingWebhookConfiguration', 'validate')
  const mutate = configuration('MutatingWebhookConfiguration', 'mutate')
  const common = {
    webhooks: /\.empty\.bench\.invalid$/,
    refusal: undefined,
    pid: () => child.pid,
  }
  return [
    {
      ...common,
      name: 'empty',
      title: 'an empty Node webhook',
      configuration: [validate],
      shapes: ['complete'],
      reviews: { complete: 1 },
    },
    {
      ...common,
      name: 'empty-two',
      title: 'two empty Node webhooks',
      configuration: [validate, mutate],
      shapes: ['defaults'],
      reviews: { defaults: 2 },
    },
  ]
}
