import { Registry } from 'prom-client'
import t from 'tap'
import {
  certificateExpiry,
  showLeadership,
  showMemoryLimit,
  showReadiness,
} from '#src/lib/state-metrics.ts'

t.test('tells whether a process is ready and at work, as it is when somebody asks', async t => {
  const registry = new Registry()
  const missing = ['pods is not synced']
  let isLeading = false
  showReadiness(registry, () => missing)
  showLeadership(registry, () => isLeading)
  t.match(await registry.metrics(), /kradle_ready 0\n[^]*kradle_leader 0\n/)
  missing.pop()
  isLeading = true
  t.match(await registry.metrics(), /kradle_ready 1\n[^]*kradle_leader 1\n/)
})

t.test('tells until when the certificate is valid', async t => {
  const registry = new Registry()
  const expires = certificateExpiry(registry)
  t.match(await registry.metrics(), /kradle_certificate_expiry_timestamp_seconds 0\n/)
  expires(new Date('2026-11-21T12:00:00Z'))
  t.match(await registry.metrics(), /kradle_certificate_expiry_timestamp_seconds 1795262400\n/)
})

t.test('tells the limit of memory, where there is one', async t => {
  const shown = async (...limits: [limit?: number, total?: number]) => {
    const registry = new Registry()
    showMemoryLimit(registry, ...limits)
    return registry.metrics()
  }
  t.match(await shown(268_435_456, 8e9), /kradle_memory_limit_bytes 268435456\n/)
  // cgroups say so of no limit: nothing, all there is, or 2^64.
  for (const none of [0, 8e9, 2 ** 64]) t.notMatch(await shown(none, 8e9), 'kradle_memory_limit')
  // This machine may have one or not.
  t.ok(typeof (await shown()) === 'string')
})
