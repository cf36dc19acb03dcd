import type { OwnerReference, UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'

const AFTERWARDS = ' after mutating admission happens'

/** The object without owners that are named twice, which is warned of. */
export function withDistinctOwners(
  object: UnknownObject,
  warn: (text: string) => void,
  isAfterAdmission: boolean,
): UnknownObject {
  // Not every object that is sent has metadata.
  const metadata = object.metadata as UnknownObject['metadata'] | undefined
  const owners = metadata?.ownerReferences ?? []
  const distinct: OwnerReference[] = []
  const seen = new Map<string, OwnerReference[]>()
  for (const owner of owners) {
    const same = seen.get(owner.uid) ?? []
    seen.set(owner.uid, same)
    if (same.some(other => jsonEqual(other, owner))) continue
    same.push(owner)
    distinct.push(owner)
  }
  if (distinct.length === owners.length) return object
  const kept = new Set(distinct)
  const twice = owners.filter(owner => !kept.has(owner)).map(({ uid }) => uid)
  warn(
    `.metadata.ownerReferences contains duplicate entries${isAfterAdmission ? AFTERWARDS : ''}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twice.join(', ')}`,
  )
  return { ...object, metadata: { ...object.metadata, ownerReferences: distinct } }
}
