import type { UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { fieldsOf } from './type.ts'
import { withEntries } from './entries.ts'

/**
 * An object that is to be stored, with the times that are stored already where they are all that is different: else
 * every write that changes nothing would be a change. To be asked at the very end, after everything else was filled in.
 */
export function withUnmovedTimes(live: UnknownObject, next: UnknownObject): UnknownObject {
  const [before, after] = [entriesOf(live), entriesOf(next)]
  const isSame =
    before.length === after.length &&
    before.every((entry, index) => jsonEqual(timeless(entry), timeless(after[index]))) &&
    jsonEqual(withEntries(live, undefined), withEntries(next, undefined))
  return isSame && before.length > 0 ? withEntries(next, before) : next
}

const entriesOf = ({ metadata }: UnknownObject): readonly Record<string, unknown>[] =>
  (metadata.managedFields ?? []).map(entry => fieldsOf(entry))

function timeless(entry: unknown): unknown {
  const { time: _, ...others } = fieldsOf(entry)
  return others
}
