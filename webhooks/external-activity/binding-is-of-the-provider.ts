import { Issue, Job, Pipeline, PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import { mapOf, textOf } from '#src/permissions/untyped.ts'
import { externalActivity } from '#webhooks/external-activity.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A binding that is named beside a provider is one of that provider.
 *
 * Who leads and what may be written is for the binding to say, and a binding of another provider says
 * nothing about this one. One that is not there is a matter of the reference's condition.
 */
export default rule({
  kinds: [...externalActivity, Issue, Job, Pipeline, PullRequest, Review],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R34'],
  background: 'always',
  watches: [ExternalBackendBinding],
  lookups: request => {
    const { binding: name } = namedIn(request)
    const { namespace } = request
    return name === '' ? [] : [{ kind: ExternalBackendBinding, name, namespace, fresh: 'on-miss' }]
  },
  decide(request, cluster) {
    const { binding: name, provider, field } = namedIn(request)
    const binding = name ? cluster.get(ExternalBackendBinding, name, request.namespace) : undefined
    if (!binding || binding.spec.providerRef === provider) return allow
    return deny({
      rule: 'R34',
      field,
      value: name,
      problem: `is a binding of provider "${binding.spec.providerRef}"`,
      fix: `name a binding of "${provider}", or the other provider`,
    })
  },
})

function namedIn({ object: { spec } }: Request) {
  const inner = mapOf(spec['external'])
  return 'providerRef' in spec
    ? {
        provider: textOf(spec['providerRef']),
        binding: textOf(spec['bindingRef']),
        field: 'spec.bindingRef',
      }
    : {
        provider: textOf(inner['providerRef']),
        binding: textOf(inner['bindingRef']),
        field: 'spec.external.bindingRef',
      }
}
