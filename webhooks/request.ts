import type { AdmissionRequest } from '#src/api/admission/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Request, ReviewedObject } from './rule.ts'

/** The request is not one that can be decided on; the answer is a refusal. Its message is logged, so it quotes nothing. */
export class MalformedRequest extends Error {
  readonly code = 'MalformedRequest'
}

/**
 * Reads what the API server sent into the form that rules see. On DELETE the
 * object is the one that goes. Throws MalformedRequest where the parts a decision
 * stands on are missing or of the wrong type.
 */
export function readRequest(request: AdmissionRequest): Request {
  const { operation, resource, userInfo } = request
  if (!operations.has(operation))
    throw new MalformedRequest('request.operation is not CREATE, UPDATE, DELETE or CONNECT')
  if (
    !isMap(resource) ||
    typeof resource.resource !== 'string' ||
    typeof resource.group !== 'string'
  )
    throw new MalformedRequest('request.resource is missing')
  if (!isMap(userInfo) || typeof userInfo.username !== 'string' || userInfo.username === '')
    throw new MalformedRequest('request.userInfo.username is missing')

  const sent = operation === 'DELETE' ? request.oldObject : request.object
  if (!isMap(sent)) throw new MalformedRequest('the object is missing')
  // What comes with a CONNECT are options, such as the command of an exec: no object, so no metadata.
  const submitted =
    operation === 'CONNECT'
      ? { ...sent, metadata: { name: text(request.name, 'name') } }
      : (sent as UnknownObject)
  const object = withMaps(submitted)
  // Empty while generateName is pending, and on every object of a deletecollection.
  const name = text(request.name, 'name') || text(object.metadata.name, 'object.metadata.name')
  // Rules find the objects that matter by name: nobody's would be looked up, and not be found.
  if (name === '' && (operation === 'UPDATE' || operation === 'DELETE'))
    throw new MalformedRequest('the object has no name')
  return {
    operation,
    resource,
    subresource: text(request.subResource, 'subResource'),
    namespace: text(request.namespace, 'namespace'),
    name,
    user: userInfo,
    object,
    submitted,
    oldObject: operation === 'UPDATE' ? withMaps(request.oldObject) : undefined,
    dryRun: request.dryRun === true,
  }
}

const operations = new Set<unknown>(['CREATE', 'UPDATE', 'DELETE', 'CONNECT'])

/** Missing spec, labels and annotations are empty ones (R4, R5); of any other type than a map they are refused. */
function withMaps(object: UnknownObject | null | undefined): ReviewedObject {
  if (!isMap(object) || !isMap(object.metadata)) throw new MalformedRequest('metadata is missing')
  const { metadata, spec } = object
  for (const [name, value] of [
    ['metadata.labels', metadata.labels],
    ['metadata.annotations', metadata.annotations],
    ['spec', spec],
  ] as const)
    if (value !== undefined && value !== null && !isMap(value))
      throw new MalformedRequest(`${name} is not a map`)
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
    },
    spec: spec ?? {},
  }
}

function text(value: unknown, field: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new MalformedRequest(`${field} is not a string`)
  return value
}

const isMap = (value: unknown): value is Record<string, never> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
