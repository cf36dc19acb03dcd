import { Gauge, type Registry } from 'prom-client'
import { gauge } from '#src/lib/state-metrics.ts'
import type { PolledFeed } from './feed.ts'
import type { Sessions } from './sessions.ts'

/** What is shown of the feed. */
export type Measured = Pick<
  PolledFeed,
  'answers' | 'horizonLagSeconds' | 'lagSeconds' | 'ring' | 'subscribers'
>

/** Shows whether PostgreSQL is there, how far readers may lag, and how busy the sessions are. */
export function watchStorage(
  registry: Registry,
  feed: Measured,
  pools: readonly Pick<Sessions, 'name' | 'use'>[],
): void {
  gauge(
    registry,
    'kradle_storage_up',
    'Whether PostgreSQL answered when it was last asked what has changed, which is all the time.',
    () => Number(feed.answers),
  )
  gauge(
    registry,
    'kradle_storage_horizon_lag_seconds',
    'For how long an open transaction has kept watches and lists from what was written since; above 2 somebody holds one open.',
    () => feed.horizonLagSeconds,
  )
  gauge(
    registry,
    'kradle_storage_feed_lag_seconds',
    'Age of the last change when it was read, or the time since anything could be read.',
    () => feed.lagSeconds,
  )
  gauge(
    registry,
    'kradle_storage_feed_bytes',
    'Changes kept in memory for watches.',
    () => feed.ring.bytes,
  )
  gauge(registry, 'kradle_storage_watches', 'Watches that are fed.', () => feed.subscribers)
  registry.registerMetric(
    new Gauge({
      name: 'kradle_storage_sessions',
      help: 'Sessions with PostgreSQL, and callers that wait for one.',
      labelNames: ['pool', 'state'],
      registers: [],
      collect() {
        for (const { name: pool, use } of pools)
          for (const [state, count] of Object.entries(use)) this.set({ pool, state }, count)
      },
    }),
  )
}
