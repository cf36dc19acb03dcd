import type { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import type { PolicyReportResult, Report } from '#src/api/policy-reports.ts'
import { SOURCE } from '#src/scan/report-api.ts'
import type { Pair } from './bound.ts'
import { changedSince, exemptBy, exemptionsOf } from './exemptions.ts'
import type { Line } from './line.ts'

/** What a line is made of, for whoever has to judge anew. */
export interface Drafted {
  readonly line: Line
  readonly pair: Pair | undefined
  /** The approved requests that concern the object. */
  readonly exemptions: readonly PolicyExceptionRequest[]
  /** Whether an exception began or ended since the result was found, or may be why it passes: Kyverno does not tell. */
  readonly isStale: boolean
}

/**
 * Everything that reports say, once for each object, policy and rule: where two say something of the same, as while one group
 * of reports takes the place of the other, the later counts.
 */
export function linesOf(
  reports: readonly Report[],
  pairs: ReadonlyMap<string, Pair>,
  requests: readonly PolicyExceptionRequest[],
  now: Date,
): readonly Drafted[] {
  const latest = new Map<string, Drafted>()
  for (const report of reports)
    for (const result of report.results ?? []) {
      const drafted = draft(report, result, pairs, requests, now)
      if (!drafted) continue
      const { object, policy, rule } = drafted.line
      const key = JSON.stringify([Object.values(object), policy, rule])
      const known = latest.get(key)
      if (!known || known.line.at <= drafted.line.at) latest.set(key, drafted)
    }
  return [...latest.values()]
}

function draft(
  { metadata, scope, source }: Report,
  result: PolicyReportResult,
  pairs: ReadonlyMap<string, Pair>,
  requests: readonly PolicyExceptionRequest[],
  now: Date,
): Drafted | undefined {
  const named = result.resources?.[0] ?? scope
  const {
    apiVersion = '',
    kind = '',
    namespace = metadata.namespace ?? '',
    name: of = '',
  } = named ?? {}
  // Of whom it is not said cannot be told.
  if (kind === '' || of === '') return undefined
  const object = { apiVersion, kind, namespace, name: of }
  const maker = result.source ?? source ?? ''
  const name = policyOf(result.policy, maker)
  const pair = maker === SOURCE ? undefined : pairs.get(`${metadata.namespace ?? ''}/${name}`)
  const exemptions = pair ? exemptionsOf(requests, pair.binding, object) : []
  const exception = exemptBy(exemptions, now)
  const found = result.timestamp && new Date(result.timestamp.seconds * 1000)
  return {
    pair,
    exemptions,
    isStale:
      exemptions.length > 0 &&
      (!found || result.result === 'pass' || changedSince(exemptions, found, now)),
    line: {
      result: result.result ?? 'error',
      object,
      policy: name,
      rule: result.rule ?? '',
      severity: result.severity ?? 'medium',
      message: result.message ?? '',
      source: maker,
      at: found ? found.toISOString().replace('.000Z', 'Z') : '',
      ...(pair && { binding: boundOf(pair) }),
      ...(exception && { exception }),
    },
  }
}

/** Kyverno writes a namespace in front of a policy that has one; rules of Kradle have a slash of their own. */
const policyOf = (policy: string, maker: string): string =>
  maker === SOURCE ? policy : policy.slice(policy.indexOf('/') + 1)

const boundOf = ({ binding, template }: Pair): NonNullable<Line['binding']> => ({
  name: binding.metadata.name,
  mode: binding.status?.rollout?.mode ?? binding.spec.mode,
  template: template ? `${template.metadata.namespace}/${template.metadata.name}` : '',
  remediation: template?.spec.remediation ?? '',
})
