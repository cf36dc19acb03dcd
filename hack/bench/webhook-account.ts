import { readings, total } from './metric.ts'

/** What a webhook process of Kradle has done since its start, from the text of its /metrics. */
export type Account = {
  /** Reviews answered. */
  readonly reviews: number
  /** Requests to the API server, other than those that keep the caches. */
  readonly calls: number
}

export function accountIn(metrics: string): Account {
  const requests = readings('kradle_api_requests_total', metrics)
  return {
    reviews: total(readings('kradle_admission_requests_total', metrics)),
    calls: total(requests.filter(({ labels }) => !keepsCaches.has(labels['verb']))),
  }
}

const keepsCaches: ReadonlySet<string | undefined> = new Set(['list', 'watch'])

/** How many requests one review took on average in between. NaN where there was none. */
export const callsPerReview = (before: Account, after: Account): number =>
  (after.calls - before.calls) / (after.reviews - before.reviews)

/** How many objects of a kind, given as <plural>.<group>, the process holds. */
export const cached = (resource: string, metrics: string): number =>
  total(
    readings('kradle_cache_objects', metrics).filter(
      ({ labels }) => labels['resource'] === resource,
    ),
  )
