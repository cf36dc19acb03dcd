import type { EmptyWebhook } from '#hack/bench/empty/process.ts'
import { scope } from './scope.ts'
import type { ResourceRules, Setup, SetupName, Shape } from './setup.ts'

const kinds = {
  validate: 'ValidatingWebhookConfiguration',
  mutate: 'MutatingWebhookConfiguration',
} as const

type Options = {
  readonly name: SetupName
  readonly title: string
  readonly shape: Shape
  readonly rules: ResourceRules
  /** The paths that are called, each by a configuration of its own. */
  readonly paths: readonly (keyof typeof kinds)[]
}

/** A Node webhook that allows everything. */
export function emptySetup({ child, url, caBundle }: EmptyWebhook, options: Options): Setup {
  const { name, title, shape, rules, paths } = options
  return {
    name,
    title,
    configuration: paths.map(path => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: kinds[path],
      metadata: { name: 'bench-empty' },
      webhooks: [
        {
          name: `${path}.empty.bench.invalid`,
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 5,
          failurePolicy: 'Fail',
          rules,
          clientConfig: { url: `${url}/${path}`, caBundle },
        },
      ],
    })),
    shapes: [shape],
    reviews: { [shape]: paths.length },
    webhooks: /\.empty\.bench\.invalid$/,
    refusal: undefined,
    pid: () => child.pid,
  }
}

/** Once to validate, and once more to patch. */
export function emptySetups(webhook: EmptyWebhook): readonly Setup[] {
  const rules = scope.matchConstraints.resourceRules
  return [
    emptySetup(webhook, {
      name: 'empty',
      title: 'an empty Node webhook',
      shape: 'complete',
      rules,
      paths: ['validate'],
    }),
    emptySetup(webhook, {
      name: 'empty-two',
      title: 'two empty Node webhooks',
      shape: 'defaults',
      rules,
      paths: ['validate', 'mutate'],
    }),
  ]
}
