import type { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { PolicyReport, PolicyReportResult } from '#src/api/policy-reports.ts'
import type { Cluster } from '#src/lib/cluster.ts'

const OUTCOMES = ['pass', 'fail', 'warn', 'error', 'skip'] as const
type Outcome = (typeof OUTCOMES)[number]
type Counts = Readonly<Record<Outcome, number>>
type Results = NonNullable<NonNullable<PolicyBinding['status']>['results']>

const NONE: Counts = Object.freeze({ pass: 0, fail: 0, warn: 0, error: 0, skip: 0 })

/** How often counts are written at most, in milliseconds: a scan brings thousands of reports, one by one. */
const SELDOM_MS = 5000

/** Of a report what is counted, and nothing else: there is one for each object. */
export const countable = ({ apiVersion, kind, metadata, results }: PolicyReport): PolicyReport => {
  const { name, namespace, uid, resourceVersion } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    results: (results ?? []).filter(isOfKyverno).map(({ policy, source, result }) => ({
      policy,
      ...(source !== undefined && { source }),
      ...(result !== undefined && { result }),
    })),
  }
}

/** Whether Kyverno found it: Kradle's own rules report beside it. */
export const isOfKyverno = ({ source }: PolicyReportResult): boolean =>
  source?.toLowerCase().startsWith('kyverno') ?? false

/** How often a policy came to which outcome, in reports of this kind; undefined where none speaks of it. */
export function countsOf(
  kind: Kind<PolicyReport>,
  namespace: string,
  policyName: string,
  cluster: Cluster,
): Counts | undefined {
  const reports = cluster.list(kind, namespace)
  let counted = tallies.get(reports)
  if (!counted) {
    counted = tallyOf(reports)
    tallies.set(reports, counted)
  }
  return counted.get(`${namespace}/${policyName}`)
}

/** A list of a store is the same until something in it changes; all bindings of an organisation count by one. */
const tallies = new WeakMap<readonly PolicyReport[], ReadonlyMap<string, Counts>>()

function tallyOf(reports: readonly PolicyReport[]): ReadonlyMap<string, Counts> {
  const counted = new Map<string, Record<Outcome, number>>()
  for (const { results = [] } of reports)
    for (const each of results) {
      if (!isOfKyverno(each) || !each.result) continue
      const counts = counted.get(each.policy) ?? { ...NONE }
      counts[each.result]++
      counted.set(each.policy, counts)
    }
  return counted
}

/** The counts for the status, and when to look again where they are not to be written yet, in seconds. */
export function resultsOf(
  counts: Counts | undefined,
  before: Results | undefined,
  now: Date,
): { readonly results: Results | undefined; readonly lookAgain?: number } {
  if (!counts && !before) return { results: undefined }
  // Whatever is counted no more was counted once.
  const wanted = counts ?? NONE
  if (before && OUTCOMES.every(outcome => before[outcome] === wanted[outcome]))
    return { results: before }
  const since = now.getTime() - Date.parse(before?.observedAt ?? '')
  if (before && since >= 0 && since < SELDOM_MS)
    return { results: before, lookAgain: (SELDOM_MS - since) / 1000 }
  return { results: { ...wanted, observedAt: `${now.toISOString().slice(0, 19)}Z` } }
}
