import { secondsOf } from './entries.ts'
import type { Managed, Owned } from './managed.ts'
import { managerId, type Manager } from './manager-id.ts'
import { compareText } from './value-order.ts'

/** As many managers may have got their fields by updates. */
const MOST = 10

/** Puts the oldest updates of each version together until there are no more than ten. */
export function capped(managed: Managed): Managed {
  const updates = [...managed]
    .filter(([, { owner }]) => owner.operation === 'Update')
    .toSorted(([a, x], [b, y]) => secondsOf(x) - secondsOf(y) || compareText(a, b))
  const result = new Map(managed)
  const firsts = new Map<string, string>()
  let count = updates.length
  for (const [id, owned] of updates) {
    if (count <= MOST) break
    const first = firsts.get(owned.apiVersion)
    if (first === undefined) {
      firsts.set(owned.apiVersion, id)
      continue
    }
    const bucket = ancient(owned.apiVersion)
    const key = managerId(bucket)
    if (!result.has(key)) {
      // The first of its version waits under its own name for a second one.
      result.set(key, { ...result.get(first)!, owner: bucket })
      result.delete(first)
    }
    result.set(key, merged(owned, result.get(key)!))
    // As in Kubernetes, where this loses the bucket itself when something as old has a name before its own.
    result.delete(id)
    count--
  }
  return result
}

const ancient = (apiVersion: string): Manager => ({
  manager: 'ancient-changes',
  operation: 'Update',
  apiVersion,
  subresource: '',
})

/** The time is that of the younger. */
const merged = ({ set, apiVersion, time }: Owned, bucket: Owned): Owned => ({
  owner: bucket.owner,
  set: set.union(bucket.set),
  apiVersion,
  time,
})
