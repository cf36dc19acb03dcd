import { totalmem } from 'node:os'
import process from 'node:process'
import { Gauge, type Registry } from 'prom-client'

/** Shows what /readyz says, to whoever reads metrics and does not watch Pods. */
export function showReadiness(registry: Registry, notReady: () => readonly string[]): void {
  gauge(
    registry,
    'kradle_ready',
    'Whether the process is ready: 1, or 0 as /readyz says why.',
    () => Number(notReady().length === 0),
  )
}

/** Shows whether this process has the Lease of its Deployment. */
export function showLeadership(registry: Registry, isLeading: () => boolean): void {
  gauge(
    registry,
    'kradle_leader',
    'Whether the process is the one of its Deployment that works.',
    () => Number(isLeading()),
  )
}

/** Shows how much memory the container may have, in bytes; nothing where there is no limit. */
export function showMemoryLimit(
  registry: Registry,
  limit = process.constrainedMemory(),
  total = totalmem(),
): void {
  // Without a limit it is 0, or a number that no machine has.
  if (limit <= 0 || limit >= total) return
  gauge(registry, 'kradle_memory_limit_bytes', 'Memory that the container may have.', () => limit)
}

/** Shows until when the certificate being served is valid; the result is told of each one. */
export function certificateExpiry(registry: Registry): (at: Date) => void {
  const expiry = new Gauge({
    name: 'kradle_certificate_expiry_timestamp_seconds',
    help: 'When the certificate being served runs out, in seconds since 1970; 0 before there is one.',
    registers: [registry],
  })
  return at => expiry.set(at.getTime() / 1000)
}

/** A metric that is looked up whenever somebody reads them. */
export function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(value())
      },
    }),
  )
}
