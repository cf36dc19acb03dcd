import type { Report } from '#src/api/policy-reports.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'

/** Whether the report that is there says the same; what others hung on it is theirs. */
export function isSame(wanted: Report, live: Report): boolean {
  const has = (all: Readonly<Record<string, string>> = {}, some = {}) =>
    Object.entries(some).every(([key, value]) => all[key] === value)
  return (
    has(live.metadata.labels, wanted.metadata.labels) &&
    jsonEqual(live.metadata.annotations ?? {}, wanted.metadata.annotations ?? {}) &&
    live.source === wanted.source &&
    jsonEqual(live.scope, wanted.scope) &&
    jsonEqual(live.summary, wanted.summary) &&
    jsonEqual(live.results ?? [], wanted.results)
  )
}
