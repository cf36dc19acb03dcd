/** What can go wrong inside Kradle, apart from what an API server answers (ApiError). */
export type ErrorCode =
  /** No way to an API server was given: no kubeconfig, not in a Pod, or a file without what is needed. */
  | 'NoConfiguration'
  /** A flag or its value on the command line is wrong. */
  | 'InvalidFlag'
  /** The API server could not be reached, or a connection broke. */
  | 'ConnectionFailed'
  /** Nothing came back within the time given to a request. */
  | 'RequestTimeout'
  /** A watch was silent for longer than bookmarks allow. */
  | 'WatchIdle'
  /** An answer was not what the API promises: no JSON, or a line beyond every limit. */
  | 'MalformedAnswer'
  /** No object can have such a name, so that no path may be made of it. */
  | 'InvalidName'
  /** Another process has the Lease now; nothing more may be written. */
  | 'LeaseLost'
  /** A plan writes a kind, or in a namespace, that its controller did not declare. */
  | 'UndeclaredWrite'
  /** A plan has an effect that no executor was registered for. */
  | 'UnknownEffect'
  /** A controller has a question that no observer was registered for. */
  | 'UnknownQuestion'
  /** A test of a template cannot be read, or its template cannot become a policy. */
  | 'InvalidPolicyTest'
  /** Kyverno's CLI is not there, or did not do what it was asked. */
  | 'KyvernoFailed'

/** An error with a code that callers can rely on; the message is for people and may change. */
export class KradleError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KradleError'
    this.code = code
  }
}
