import { podOf, type AuditEvent } from './audit-events.ts'

/** While one process was at work: its first and last write, in RFC 3339. */
export interface Turn {
  readonly pod: string
  readonly from: string
  readonly to: string
  readonly writes: number
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/**
 * Who wrote when, of the requests of one account, in the order of time. Where two worked at once
 * there are turns that overlap, or many short ones. Writing to a Lease is not work.
 */
export function turnsOf(events: readonly AuditEvent[]): Turn[] {
  const writes = events
    .filter(({ verb, objectRef }) => WRITES.has(verb) && objectRef?.resource !== 'leases')
    // Told in the order in which they ended; a write works from when it came in.
    .toSorted((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1))
  const turns: { pod: string; from: string; to: string; writes: number }[] = []
  for (const event of writes) {
    const pod = podOf(event) ?? 'unknown'
    const last = turns.at(-1)
    if (last?.pod === pod) {
      last.writes += 1
      if (event.stageTimestamp > last.to) last.to = event.stageTimestamp
    } else {
      const { requestReceivedTimestamp: from, stageTimestamp: to } = event
      turns.push({ pod, from, to, writes: 1 })
    }
  }
  return turns
}
