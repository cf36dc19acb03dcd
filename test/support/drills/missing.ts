import type { Seen } from './follower.ts'
import type { Writer } from './writer.ts'

/**
 * What a follower of everything should have been told by what the writers were answered, and was not; and what it was told
 * beyond what could have happened. In words, at most 20.
 */
export function missing(writers: readonly Writer[], seen: readonly Seen[]): string[] {
  const faults: string[] = []
  const told = Map.groupBy(seen, ({ key }) => key)
  const answered = Map.groupBy(
    writers.flatMap(writer => writer.answered),
    ({ key }) => key,
  )
  for (const key of new Set([...told.keys(), ...answered.keys()])) {
    const events = told.get(key) ?? []
    let at = 0
    for (const { type, version } of answered.get(key) ?? []) {
      const found = events.findIndex(
        (event, index) =>
          index >= at && event.type === type && (version === '' || event.version === version),
      )
      if (found < 0) faults.push(`${type} ${key} ${version} was answered and not told`)
      else at = found + 1
    }
    const extra = events.length - (answered.get(key)?.length ?? 0)
    const doubtful = writers.reduce((sum, writer) => sum + (writer.doubtful.get(key) ?? 0), 0)
    if (extra > doubtful) faults.push(`${key}: ${extra} events that nobody wrote`)
    faults.push(...impossible(key, events))
  }
  return faults.slice(0, 20)
}

/** An object is added once, and deleted once after that. */
function impossible(key: string, events: readonly Seen[]): string[] {
  let there = false
  const faults: string[] = []
  for (const { type, version } of events) {
    if (there === (type === 'ADDED'))
      faults.push(`${type} ${key} ${version} while ${there ? 'there' : 'not there'}`)
    there = type !== 'DELETED'
  }
  return faults
}
