import { orgNamespace } from '#src/api/names.ts'
import { judging } from '#src/policy/evaluate.ts'
import { TEST_ORGANIZATION } from './document.ts'
import type { KyvernoSaid } from './kyverno-output.ts'
import type { Suite } from './suite.ts'

/**
 * What Kradle makes of the objects of a suite, as `kradle check` does; by their names. Without those that only Kyverno can
 * judge: what does not validate, and what asks for data of images.
 */
export function askKradle(
  { template, policy, exceptions, test }: Suite,
  now: Date,
): ReadonlyMap<string, KyvernoSaid> {
  if (template.spec.kyverno.type !== 'Validating' || test.images.length > 0) return new Map()
  const judge = judging(policy, exceptions)
  return new Map(
    test.objects.map(({ object, oldObject }) => {
      const { result, message } = judge(object, now, {
        namespace,
        ...(oldObject && { operation: 'UPDATE', oldObject }),
      }) ?? { result: 'skip', message: '' }
      return [object.metadata.name, { result, message }] as const
    }),
  )
}

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: orgNamespace(TEST_ORGANIZATION) },
}
