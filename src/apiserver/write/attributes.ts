import type { UnknownObject } from '#src/api/object.ts'
import type { Attributes } from '../admission/admission.ts'
import type { ApiRequest } from '../request.ts'

/** A request as admission sees it, without the objects. */
export const attributesOf = (
  request: ApiRequest,
  operation: Attributes['operation'],
  options: Attributes['options'],
  name: string,
): Omit<Attributes, 'object' | 'oldObject'> => ({
  operation,
  resource: request.resource,
  subresource: request.subresource,
  namespace: request.namespace,
  name,
  user: request.user,
  dryRun: options['dryRun'] !== undefined,
  options,
  signal: request.signal,
  warn: text => request.warn(text),
})

/** Metadata that may not be there at all. */
export const metadataOf = (object: UnknownObject): Partial<UnknownObject['metadata']> =>
  object.metadata ?? {}
