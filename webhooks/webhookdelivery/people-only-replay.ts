import { WebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { WebhookSubscription } from '#src/api/hooks-events/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isOwn } from '#webhooks/person.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/** What a replay has in common with the first. */
const COPIED = ['subscription', 'eventType', 'eventId', 'subject', 'request'] as const

/**
 * Deliveries are made by Kradle of what happened; what anybody else may do is to send one again, as it was.
 *
 * Kradle signs what is delivered. Whoever could write a delivery of his own would have his words
 * taken for Kradle's by everybody who trusts that signature; it takes verb `deliver` on the
 * subscription, which no persona has.
 */
export default rule({
  kinds: [WebhookDelivery],
  operations: ['CREATE'],
  enforces: ['R207'],
  gets: [WebhookDelivery],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['replayOf'])
    return name === '' ? [] : [{ kind: WebhookDelivery, name, namespace, fresh: 'live' }]
  },
  reviews: request => (isOwnWords(request) ? [delivery(request)] : []),
  decide(request, cluster, access) {
    const { object, namespace, user } = request
    const { spec } = object
    if (isOwn(user.username, 'hooks-controller')) return allow
    const name = textOf(spec['replayOf'])
    const refused = (field: string, value: unknown, problem: string, fix: string) =>
      deny({ rule: 'R207', field, value, problem, fix })
    if (name === '')
      return access.allowed(delivery(request))
        ? allow
        : refused(
            'spec.replayOf',
            undefined,
            'a delivery tells of something that happened, and nobody makes one by hand',
            'name the delivery that is to be sent again',
          )
    const first = cluster.get(WebhookDelivery, name, namespace)
    if (!first) return allow
    const differing = COPIED.find(field => !jsonEqual(spec[field], first.spec[field]))
    if (!differing) return allow
    return refused(
      `spec.${differing}`,
      spec[differing],
      `is not what delivery "${name}" had, which is to be sent again`,
      'leave it out, it is filled in',
    )
  },
})

/** Somebody tells of something himself. */
const isOwnWords = ({ object, user }: Request): boolean =>
  !isOwn(user.username, 'hooks-controller') && textOf(object.spec['replayOf']) === ''

const delivery = ({ object, namespace }: Request): AccessReview => ({
  verb: 'deliver',
  group: WebhookSubscription.group,
  resource: WebhookSubscription.plural,
  namespace,
  name: textOf(object.spec['subscription']),
})
