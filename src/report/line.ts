import type { ObjectReference, PolicyReportResult } from '#src/api/policy-reports.ts'

export type Result = NonNullable<PolicyReportResult['result']>

/** What a report says of one object by one rule, with all that is known about it. */
export interface Line {
  readonly result: Result
  readonly object: Required<Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace' | 'name'>>
  /** As its maker calls it, without a namespace. */
  readonly policy: string
  readonly rule: string
  readonly severity: NonNullable<PolicyReportResult['severity']>
  readonly message: string
  /** Who made the result: kradle, KyvernoValidatingPolicy, ... */
  readonly source: string
  /** When it was found, RFC 3339; '' where the report does not say. */
  readonly at: string
  /** The PolicyBinding that the policy was made of. */
  readonly binding?: Bound
  /** The exception that concerns the object: it holds, or it has ended since the result was found. */
  readonly exception?: Exempt
  /** The report is from before an exception began or ended, so the object was judged anew; or could not be. */
  readonly judged?: 'anew' | 'not yet'
}

export interface Bound {
  readonly name: string
  readonly mode: 'audit' | 'enforce'
  /** `namespace/name`, '' where it is not there any more or may not be read. */
  readonly template: string
  /** What to do about a violation, as the template says; '' where it does not. */
  readonly remediation: string
}

export interface Exempt {
  /** The PolicyExceptionRequest. */
  readonly name: string
  /** RFC 3339, exclusive. */
  readonly until: string
  /** Who decided. */
  readonly approvedBy: string
  readonly holds: boolean
}

/** What a report fails by. */
export const FAILING: readonly Result[] = ['fail', 'error']

/** How many came out how, those that reports only count among them. */
export type Summary = Readonly<Record<Result, number>>
