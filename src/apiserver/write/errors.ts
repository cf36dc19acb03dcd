import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { Cause } from '#src/lib/schema/cause.ts'
import { StatusError } from '../status-error.ts'

/** Refusals in the words of kube-apiserver (k8s.io/apimachinery/pkg/api/errors). */

export const badRequest = (message: string): StatusError =>
  new StatusError(400, 'BadRequest', message)

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )

export const tooLarge = (message: string): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)

/** What the server itself could not do; no reason is given. */
export const failed = (message: string): StatusError => new StatusError(500, '', message)

const detailsOf = (kind: Kind, name: string) => ({
  ...(name && { name }),
  group: kind.group,
  kind: kind.plural,
})

export const notFound = (kind: Kind, name: string): StatusError =>
  new StatusError(
    404,
    'NotFound',
    `${resourceOf(kind)} ${JSON.stringify(name)} not found`,
    detailsOf(kind, name),
  )

export const methodNotAllowed = (kind: Kind, verb: string): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${resourceOf(kind)}"`,
    detailsOf(kind, ''),
  )

export const alreadyExists = (kind: Kind, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${JSON.stringify(name)} already exists`,
    detailsOf(kind, name),
  )

/** Every name that was made up was taken. */
export const noNameLeft = (kind: Kind, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${JSON.stringify(name)} already exists, the server was not able to generate a unique name for the object`,
    { ...detailsOf(kind, name), retryAfterSeconds: 1 },
  )

/** Another object holds what one of the kind at most may hold. */
export const claimTaken = (kind: Kind, name: string, holder: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${resourceOf(kind)} ${JSON.stringify(name)} already exists under the name ${JSON.stringify(holder)}`,
    detailsOf(kind, holder),
  )

export const CHANGED =
  'the object has been modified; please apply your changes to the latest version and try again'

/** `resource` is how the message and the details call it. */
export const conflict = (
  kind: Kind,
  name: string,
  why: string,
  resource = kind.plural,
): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource}.${kind.group} ${JSON.stringify(name)}: ${why}`,
    { name, group: kind.group, kind: resource },
  )

/** 422 with a cause for each; the message says everything once. */
export function invalid(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): StatusError {
  const said = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))]
  const what = group ? `${kind}.${group}` : kind
  return new StatusError(
    422,
    'Invalid',
    `${what} ${JSON.stringify(name)} is invalid: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`,
    {
      ...(name && { name }),
      ...(group && { group }),
      ...(kind && { kind }),
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  )
}
