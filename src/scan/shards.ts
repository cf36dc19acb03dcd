import { apiVersionOf } from '#src/api/kind.ts'
import type { PolicyReportResult, PolicyReportSummary, Report } from '#src/api/policy-reports.ts'
import { jsonBytes } from '#src/lib/json-size.ts'
import {
  ANNOTATION_CUT,
  ANNOTATION_UNREAD,
  reportKinds,
  reportLabels,
  reportName,
  SOURCE,
  type ReportApi,
} from './report-api.ts'
import { severityOf } from './severity.ts'
import { emptyBucket, MOST_RESULTS, MOST_SHARDS, type Bucket, type Entry } from './tally.ts'

/** What etcd takes at once is 1.5 MiB; the API server adds who manages which field. */
const MOST_BYTES = 900 * 1024

export interface ShardOptions {
  readonly api: ReportApi
  /** The reports of the namespace as they are. */
  readonly existing: readonly Report[]
  /** Kinds that could not be read, as `plural.group`. */
  readonly unread: readonly string[]
  readonly now: Date
}

/**
 * The reports of a namespace. Only what fails, warns or could not be judged is listed, and what passes is counted: nearly
 * everything passes, and a list of it would be as large as all objects together, in etcd, to say nothing.
 *
 * An object is always in the report that the hash of its uid names, so that a change is a write to one of them. There are
 * as many as it takes, and rather too many than to move everything to and fro.
 */
export function reportsOf(
  namespace: string,
  buckets: readonly Bucket[],
  { api, existing, unread, now }: ShardOptions,
): readonly Report[] {
  const since = timesIn(existing)
  const kind = reportKinds[api]
  return sharded(buckets, countOf(existing)).map((bucket, shard) => {
    const { listed, cut } = fitted(bucket, result => since.get(keyOf(result)) ?? secondsOf(now))
    const annotations = {
      ...(cut > 0 && { [ANNOTATION_CUT]: String(cut) }),
      ...(unread.length > 0 && { [ANNOTATION_UNREAD]: unread.join(',') }),
    }
    return {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: {
        name: reportName(shard),
        namespace,
        labels: reportLabels(namespace),
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      ...(api === 'openreports.io' && { source: SOURCE }),
      scope: { apiVersion: 'v1', kind: 'Namespace', name: namespace },
      summary: summaryOf(bucket),
      results: listed,
    }
  })
}

/** How many shards there are; a report more that somebody made is none of them. */
function countOf(existing: readonly Report[]): number {
  const names = new Set(existing.map(({ metadata }) => metadata.name))
  let count = 0
  while (names.has(reportName(count))) count++
  return count
}

/** The buckets put together to as few as hold everything, in a power of two. */
function sharded(buckets: readonly Bucket[], before: number): readonly Bucket[] {
  const counts = [1, 2, 4, MOST_SHARDS]
  const fits = (count: number) => joined(buckets, count).every(holdsAll)
  const needed = counts.find(fits) ?? MOST_SHARDS
  // One more of them than it takes is not worth it to write all anew; twice that is.
  const kept = counts.includes(before) && before > needed && before <= 2 * needed ? before : needed
  return joined(buckets, kept)
}

const joined = (buckets: readonly Bucket[], count: number): readonly Bucket[] =>
  Array.from({ length: count }, (_, shard) =>
    buckets.filter((_bucket, index) => index % count === shard).reduce(both, emptyBucket()),
  )

const both = (one: Bucket, other: Bucket): Bucket => ({
  passed: one.passed + other.passed,
  entries: [...one.entries, ...other.entries],
  cut: {
    fail: one.cut.fail + other.cut.fail,
    warn: one.cut.warn + other.cut.warn,
    error: one.cut.error + other.cut.error,
  },
})

const holdsAll = ({ entries, cut }: Bucket): boolean =>
  entries.length <= MOST_RESULTS &&
  cut.fail + cut.warn + cut.error === 0 &&
  entries.reduce((sum, entry) => sum + jsonBytes(resultOf(entry, 0)), 0) <= MOST_BYTES

function summaryOf({ passed, entries, cut }: Bucket): PolicyReportSummary {
  const count = (wanted: Entry['result']) =>
    cut[wanted] + entries.filter(({ result }) => result === wanted).length
  return { pass: passed, fail: count('fail'), warn: count('warn'), error: count('error'), skip: 0 }
}

/** As many results as go into one report, and how many do not. */
function fitted({ entries, cut }: Bucket, since: (result: PolicyReportResult) => number) {
  const listed: PolicyReportResult[] = []
  let bytes = 0
  for (const entry of entries.toSorted(byObject)) {
    const seconds = since(resultOf(entry, 0))
    const result = resultOf(entry, seconds)
    bytes += jsonBytes(result)
    if (bytes > MOST_BYTES || listed.length === MOST_RESULTS) break
    listed.push(result)
  }
  const { fail, warn, error } = cut
  return { listed, cut: fail + warn + error + entries.length - listed.length }
}

/** Always in the same order, whatever was read when. */
const byObject = (a: Entry, b: Entry): number => compare(placeOf(a), placeOf(b))

const placeOf = ({ object: { kind, name, uid }, policy, rule }: Entry): string =>
  [kind, name, uid, policy, rule].join('\n')

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b)

const resultOf = (entry: Entry, seconds: number): PolicyReportResult => {
  const { policy, rule, result, field, message, object } = entry
  return {
    source: SOURCE,
    policy,
    ...(rule && { rule }),
    category: 'Kradle',
    severity: severityOf(policy, result),
    result,
    scored: result !== 'warn',
    message,
    timestamp: { seconds, nanos: 0 },
    resources: [object],
    ...(field && { properties: { field } }),
  }
}

/** When each result was found as it is: it stays so for as long as it is said. */
const timesIn = (reports: readonly Report[]): ReadonlyMap<string, number> =>
  new Map(
    reports
      .flatMap(({ results = [] }) => results)
      .flatMap(result =>
        result.timestamp ? [[keyOf(result), result.timestamp.seconds] as const] : [],
      ),
  )

const keyOf = ({ policy, rule = '', result, message, resources }: PolicyReportResult): string =>
  [policy, rule, result, resources?.[0]?.uid, message].join('\n')

const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000)
