import { apiVersionOf } from '#src/api/kind.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { policyKinds } from './bound.ts'
import type { Schemas } from './schemas.ts'

/**
 * An object that is said to be there, with what the API server would have filled in: a file need not be a dump. Only of what
 * policies are made of, since those are not only looked at but go on to be rendered. Pure.
 */
export function complete(object: UnknownObject, schemas: Schemas): UnknownObject {
  const kind = [...policyKinds].find(
    each => each.kind === object.kind && apiVersionOf(each) === object.apiVersion,
  )
  const schema = kind && schemas(kind)
  if (!schema) return object
  const slug = slugOfNamespace(object.metadata.namespace ?? '')
  const owned = {
    ...object,
    spec: { ...(slug !== undefined && { organizationRef: slug }), ...object.spec },
  }
  const { object: decoded } = schema.decode(owned)
  return decoded as unknown as UnknownObject
}
