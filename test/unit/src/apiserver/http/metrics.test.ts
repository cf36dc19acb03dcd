import { Registry } from 'prom-client'
import t from 'tap'
import { httpMetrics } from '#src/apiserver/http/metrics.ts'

t.test('counts what happens', async t => {
  const registry = new Registry()
  const metrics = httpMetrics(registry)
  metrics.answered('get', 'notes', 200, 0.002)
  metrics.inFlight('reading', 3)
  metrics.watchers('notes', 1)
  metrics.watchers('notes', 1)
  metrics.watchers('notes', -1)
  metrics.dropped('notes', 7)
  const text = await registry.metrics()
  for (const line of [
    'kradle_apiserver_request_duration_seconds_count{verb="get",resource="notes",code="200"} 1',
    'kradle_apiserver_in_flight_requests{kind="reading"} 3',
    'kradle_apiserver_watchers{resource="notes"} 1',
    'kradle_apiserver_watch_dropped_bytes_total{resource="notes"} 7',
  ])
    t.match(text, line)
})
