import type { KubernetesObject } from '#src/api/object.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { accessOf } from '#webhooks/access.ts'
import type { AccessReview } from '#webhooks/rule.ts'
import { bindingsFor } from './bindings.ts'
import { overlaid } from './overlay.ts'
import type { World } from './settle.ts'

/**
 * Nothing but files: `existing` is what is there already, undefined where nobody said. The organisations among
 * `objects`, which is all that will be checked, have their bindings from the start: a controller makes those.
 * What the writer may do cannot be known, so it is taken for granted.
 */
export function offline(
  objects: readonly KubernetesObject[],
  existing: readonly KubernetesObject[] | undefined,
  now: Date,
): World {
  const there = existing ?? []
  const bindings = bindingsFor([...there, ...objects], existing === undefined)
  const { store, view } = overlaid(clusterOf([...there, ...bindings], now))
  return {
    store,
    view: () => view,
    hidden: () => [],
    learn: async () => false,
    ask: async reviews => ({
      access: accessOf(reviews.map(review => [review, true] as const)),
      assumed: reviews.map(describe),
    }),
  }
}

/** A right in a few words: `use agentserviceaccounts "repairer"`. */
export function describe({ verb, resource, subresource, name }: AccessReview): string {
  const what = subresource ? `${resource}/${subresource}` : resource
  return `${verb} ${what}${name ? ` "${name}"` : ''}`
}
