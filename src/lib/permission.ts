import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { Controller, Writes } from './controller.ts'
import { KradleError } from './errors.ts'

export interface Target {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string | undefined
}

/**
 * The kind of something that a controller writes. Throws UndeclaredWrite where its
 * `writes` do not cover it: the cluster would refuse it as well, but only there.
 */
export function declaredKind(
  controller: Pick<Controller, 'name' | 'writes'>,
  verb: Writes['verbs'][number],
  target: Target,
): Kind {
  const writes = controller.writes.find(
    ({ kind, verbs, namespace, resourceNames }) =>
      kind.kind === target.kind &&
      apiVersionOf(kind) === target.apiVersion &&
      verbs.includes(verb) &&
      (namespace === undefined || namespace === target.namespace) &&
      (resourceNames === undefined || resourceNames.includes(target.name)),
  )
  if (writes) return writes.kind
  const place = target.namespace ? ` in ${target.namespace}` : ''
  throw new KradleError(
    'UndeclaredWrite',
    `controller ${controller.name} does not declare ${verb} on ${target.kind} ${target.name}${place}`,
  )
}
