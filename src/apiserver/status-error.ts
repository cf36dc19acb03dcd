import type { StatusDetails } from '#src/lib/api-error.ts'

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

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.code = code
    this.reason = reason
    this.details = details
    this.retryAfterSeconds = details?.retryAfterSeconds
  }

  get body(): StatusBody {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    }
  }
}
