import type { PolicyReportResult } from '#src/api/policy-reports.ts'

/** Rules that keep somebody out of something; what breaks one of the others is out of order, and no more. */
const GUARDING: readonly RegExp[] = [
  /^pod\//,
  /^agentdispatchrun\//,
  /^ci-work\//,
  /^externalwriteintent\/carries-no-secret$/,
  /^identitymapping\//,
  /^job\//,
  /^pipeline\//,
  /^platform-scoped\//,
  /^review\//,
  /\/namespace-is-bound$/,
  /\/webhook-is-verified$/,
  /\/account-is-free$/,
]

/** How bad it is that a rule is broken. */
export function severityOf(
  rule: string,
  result: 'fail' | 'warn' | 'error',
): NonNullable<PolicyReportResult['severity']> {
  if (result === 'warn') return 'low'
  return GUARDING.some(pattern => pattern.test(rule)) ? 'high' : 'medium'
}
