import { Registry } from 'prom-client'
import t from 'tap'
import { watchStorage, type Measured } from '#src/apiserver/storage/metrics.ts'

const feed: Measured = {
  answers: true,
  horizonLagSeconds: 3,
  lagSeconds: 0.5,
  ring: { bytes: 1024, size: 2 },
  subscribers: 7,
}
const pool = { name: 'read', use: { total: 10, idle: 4, waiting: 1 } }

async function shown(measured: Measured): Promise<string> {
  const registry = new Registry()
  watchStorage(registry, measured, [pool])
  return registry.metrics()
}

t.test('tells how storage is doing', async t => {
  const text = await shown(feed)
  for (const line of [
    'kradle_storage_up 1',
    'kradle_storage_horizon_lag_seconds 3',
    'kradle_storage_feed_lag_seconds 0.5',
    'kradle_storage_feed_bytes 1024',
    'kradle_storage_watches 7',
    'kradle_storage_sessions{pool="read",state="waiting"} 1',
  ])
    t.match(text, `${line}\n`)
})

t.test('tells that PostgreSQL does not answer', async t => {
  t.match(await shown({ ...feed, answers: false }), 'kradle_storage_up 0\n')
})
