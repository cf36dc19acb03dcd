import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { StatusDetails } from '#src/lib/api-error.ts'
import type { Cause } from '#src/lib/schema/cause.ts'
import { quoted } from '#src/lib/schema/go-text.ts'

/** The body of every answer that is not a success (metav1.Status). */
export interface StatusBody {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails & { readonly uid?: string }
  readonly code: number
}

/** An answer other than success, thrown from wherever it is found out. Its message goes to the client: it never holds what was not sent by him. */
export class StatusError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined
  /** Seconds for the header Retry-After. */
  readonly retryAfterSeconds: number | undefined
  /** Of the Status, e.g. a continue token to go on with. */
  readonly metadata: Readonly<Record<string, unknown>>

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    metadata: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.name = 'StatusError'
    this.code = code
    this.reason = reason
    this.details = details
    this.retryAfterSeconds = details?.retryAfterSeconds
    this.metadata = metadata
  }

  get body(): StatusBody {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason !== '' && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    }
  }
}

export const badRequest = (message: string): StatusError =>
  new StatusError(400, 'BadRequest', message)

/** There is no such object. */
export const notFound = (kind: Kind, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${resourceOf(kind)} ${quoted(name)} not found`, {
    name,
    group: kind.group,
    kind: kind.plural,
  })

/** There is nothing at that path. */
export const noSuchResource = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})

export const methodNotSupported = (kind: Kind, verb: string): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${resourceOf(kind)}"`,
    { group: kind.group, kind: kind.plural },
  )

/** The same of a path, where it is not known what the method would mean there. */
export const methodNotAllowedThere = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )

export const notAcceptable = (message: string): StatusError =>
  new StatusError(406, 'NotAcceptable', message)

/** What goes on from that version or token must begin anew; `metadata` may hold a token to go on with all the same. */
export const expired = (message: string, metadata?: Readonly<Record<string, unknown>>) =>
  new StatusError(410, 'Expired', message, undefined, metadata)

export const tooLarge = (message: string): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)

export const requestTooLarge = (limit: number): StatusError => tooLarge(`limit is ${limit}`)

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )

/** Something of the given kind breaks its rules: 422 with a cause for each; the message says everything once. */
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
    `${what} ${quoted(name)} is invalid: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`,
    {
      ...(name && { name }),
      ...(group && { group }),
      ...(kind && { kind }),
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  )
}

export const tooManyRequests = (message: string): StatusError =>
  new StatusError(429, 'TooManyRequests', message, { retryAfterSeconds: 1 })

/** Something that nobody foresaw. What it was is in the log alone. */
export const internalError = (): StatusError =>
  new StatusError(500, 'InternalError', 'Internal error occurred')

export const serviceUnavailable = (message: string): StatusError =>
  new StatusError(503, 'ServiceUnavailable', message, { retryAfterSeconds: 1 })

/** It took too long; what was asked for may happen all the same. */
export const timedOut = (): StatusError =>
  new StatusError(
    504,
    'Timeout',
    'Timeout: request did not complete within the allotted timeout',
    {},
  )

/**
 * The storage went while it wrote. No Retry-After: whoever heeds that would, unasked, create another object where the
 * name is made up here.
 */
export const unknownOutcome = (): StatusError =>
  new StatusError(
    504,
    'Timeout',
    'Timeout: the storage did not answer, and may have stored it all the same; look before trying again',
    {},
  )

/** A version was asked for that has not been reached here yet. */
export const tooLargeVersion = (asked: string, current: string): StatusError =>
  new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${asked}, current: ${current || '0'}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  )
