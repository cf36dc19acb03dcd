import { isFields } from '#src/lib/schema/structural.ts'

/** One entry of metadata.managedFields, whole. */
interface Entry {
  readonly manager?: string
  readonly operation?: string
  readonly apiVersion?: string
  readonly subresource?: string
  readonly time?: string
  readonly fieldsType?: string
  readonly fieldsV1?: object
}

/**
 * metadata.managedFields of a definition with `manager` as the only one who keeps its spec, and
 * all that Helm wrote; undefined where that is so already.
 *
 * Server-side apply takes a field away only once nobody owns it any more. Helm writes `crds/`
 * once and never again, so a field that a later version drops would stay for Helm's sake for
 * ever, and so would what somebody once edited in. Entered as applied by us, they go with our next
 * apply unless they are in it. Labels and annotations of others stay theirs, and so does what
 * others apply: they will put it back or take it away themselves.
 */
export function takenOver(
  managedFields: readonly unknown[] | undefined,
  manager: string,
): readonly Entry[] | undefined {
  const entries = (managedFields ?? []) as readonly Entry[]
  const own = entries.find(entry => isOf(entry, manager, 'Apply'))
  const taken = entries.filter(entry => entry !== own).map(entry => ({ entry, ...split(entry) }))
  const fields = taken.flatMap(({ take }) => (take ? [take] : []))
  if (fields.length === 0) return undefined
  const merged: Entry = {
    ...(own ?? { ...taken.find(({ take }) => take)?.entry, manager, operation: 'Apply' }),
    fieldsV1: fields.reduce(union, own?.fieldsV1 ?? {}),
  }
  const left = taken.flatMap(({ entry, take, leave }) =>
    take ? (leave ? [{ ...entry, fieldsV1: leave }] : []) : [entry],
  )
  return [...left, merged]
}

/** Which fields of an entry are to be ours, and which stay with it. */
function split(entry: Entry): { readonly take?: object; readonly leave?: object } {
  const { fieldsV1 = {} } = entry
  if (entry.subresource || Object.keys(fieldsV1).length === 0) return {}
  // Version 3 creates, version 4 applies; both only where there was nothing.
  if (/^helm$/i.test(entry.manager ?? '')) return { take: fieldsV1 }
  const { 'f:spec': spec, ...leave } = fieldsV1 as Record<string, unknown>
  if (entry.operation !== 'Update' || spec === undefined) return {}
  return { take: { 'f:spec': spec }, ...(Object.keys(leave).length > 0 && { leave }) }
}

const isOf = (entry: Entry, manager: string, operation: string): boolean =>
  entry.manager === manager && entry.operation === operation && !entry.subresource

/** Both sets of fields (FieldsV1). */
function union(a: object, b: object): object {
  const merged: Record<string, unknown> = { ...a }
  for (const [step, fields] of Object.entries(b)) {
    const there = merged[step]
    merged[step] = isFields(there) && isFields(fields) ? union(there, fields) : fields
  }
  return merged
}
