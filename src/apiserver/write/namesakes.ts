import { resourceOf } from '#src/api/kind.ts'
import { forbidden } from '../admission/refusal.ts'
import type { ApiRequest } from '../request.ts'
import type { WriteDeps } from './deps.ts'

/**
 * Refuses to make an object under the name of one that is gone, while others still name that: what was decided about it would be
 * taken for this one. Throws StatusError 403.
 *
 * They name nothing that is not there, so at a creation there are none but those. One made in this very moment is of no harm:
 * it is decided on later, by somebody who looks at what is there then.
 */
export async function checkNamesake(
  { store, hooks, served }: Pick<WriteDeps, 'store' | 'hooks' | 'served'>,
  { resource, namespace, signal }: ApiRequest,
  name: string,
): Promise<void> {
  const { namedBy } = hooks(resource) ?? {}
  const others = namedBy && served(namedBy.kind)
  if (!others) return
  const fields = [{ field: namedBy.field, operator: '=', value: name }] as const
  const { entries } = await store.list(others, { namespace, fields, limit: 1 }, signal)
  const [left] = entries
  if (!left) return
  const { kind } = resource.kind
  throw forbidden(
    { resource, name },
    `metadata.name: "${name}" is what another ${kind} was called, and ${resourceOf(others.kind)} "${left.name}" is about that one; use another name`,
  )
}
