import { KradleError } from './errors.ts'

/** What an API server says about a failed request, without the message (metav1.StatusDetails). */
export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly { reason?: string; message?: string; field?: string }[]
  readonly retryAfterSeconds?: number
}

/** A metav1.Status, as answers with an error code and ERROR events of watches carry it. */
export interface ApiStatus {
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  readonly details?: StatusDetails
}

/** An answer of the API server other than success. Never contains what was sent. */
export class ApiError extends Error {
  /** The HTTP status code. */
  readonly code: number
  /** CamelCase word such as NotFound, AlreadyExists, Conflict, Invalid, Expired; '' where the server gave none. */
  readonly reason: string
  readonly details: StatusDetails
  /** How long the server wants to be left alone. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: ApiStatus & { readonly code: number }, retryAfterSeconds?: number) {
    super(status.message || status.reason || `the API server answered ${status.code}`)
    this.name = 'ApiError'
    this.code = status.code
    this.reason = status.reason ?? ''
    this.details = status.details ?? {}
    this.retryAfterSeconds = retryAfterSeconds ?? this.details.retryAfterSeconds
  }
}

/** The error that an answer stands for. `body` is a metav1.Status, or text of whatever sits in between. */
export function apiErrorFrom(
  code: number,
  body: string,
  answer: { readonly retryAfter?: string | undefined; readonly confidential?: boolean } = {},
): ApiError {
  const seconds = Number.parseInt(answer.retryAfter ?? '', 10)
  const { reason, message, details } = statusOf(body)
  return new ApiError(
    // A complaint about a Secret may quote its values.
    answer.confidential
      ? { code, ...(reason && { reason }) }
      : {
          code,
          ...(reason && { reason }),
          ...(message && { message }),
          ...(details && { details }),
        },
    Number.isNaN(seconds) ? details?.retryAfterSeconds : seconds,
  )
}

function statusOf(body: string): ApiStatus {
  try {
    const status: unknown = JSON.parse(body)
    return typeof status === 'object' && status !== null ? status : {}
  } catch {
    return {}
  }
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 404

/** The requester may not, or admission said no. */
export const isForbidden = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 403

/** The object changed, or is another one, or exists already. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 409

/** A resourceVersion or continue token is too old to go on from. */
export const isExpired = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone')

/** The server was busy, restarting or out of reach: the same may well succeed soon. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.code === 429 || error.code >= 500
    : error instanceof KradleError &&
      (error.code === 'ConnectionFailed' || error.code === 'RequestTimeout')
