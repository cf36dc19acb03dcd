import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { ObjectReference } from '#src/api/policy-reports.ts'
import type { Found, Judged } from './judge.ts'

/** The most reports of one namespace. A power of two. */
export const MOST_SHARDS = 8

/** The most results of one report: about half a megabyte, and never more than etcd takes. */
export const MOST_RESULTS = 500

/** Something found, with the object it was found in. */
export interface Entry extends Found {
  readonly object: ObjectReference
}

/** What came of the objects of one namespace whose uids have the same hash. */
export interface Bucket {
  passed: number
  readonly entries: Entry[]
  /** Results that are only counted, by what they are: a report has its limits. */
  readonly cut: Record<Found['result'], number>
}

/**
 * What a pass has found so far, by namespace. A bucket is what can never be split further, so that more than a report
 * holds need not be kept: whoever fills his namespace with broken objects does not fill the memory.
 */
export class Tally {
  readonly namespaces = new Map<string, readonly Bucket[]>()

  add(kind: Kind, { metadata }: KubernetesObject, { passed, found }: Judged): void {
    const { name, namespace = '', uid = '' } = metadata
    const bucket = this.#bucket(namespace, uid)
    bucket.passed += passed
    if (found.length === 0) return
    const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, namespace, name, uid }
    for (const each of found) put(bucket, { ...each, object })
  }

  /** Takes over what was known before of objects that could not be read this time. */
  keep(namespace: string, entry: Entry): void {
    put(this.#bucket(namespace, entry.object.uid ?? ''), entry)
  }

  /** Adds what another tally holds; that one is not to be used any more. */
  merge(other: Tally): void {
    for (const [namespace, buckets] of other.namespaces) {
      const known = this.namespaces.get(namespace)
      if (!known) this.namespaces.set(namespace, buckets)
      else known.forEach((bucket, index) => pour(buckets[index]!, bucket))
    }
  }

  #bucket(namespace: string, uid: string): Bucket {
    let buckets = this.namespaces.get(namespace)
    if (!buckets) {
      buckets = Array.from({ length: MOST_SHARDS }, emptyBucket)
      this.namespaces.set(namespace, buckets)
    }
    return buckets[hashOf(uid) % MOST_SHARDS]!
  }
}

export const emptyBucket = (): Bucket => ({
  passed: 0,
  entries: [],
  cut: { fail: 0, warn: 0, error: 0 },
})

function put({ entries, cut }: Bucket, entry: Entry): void {
  if (entries.length < MOST_RESULTS) entries.push(entry)
  else cut[entry.result]++
}

function pour(from: Bucket, to: Bucket): void {
  to.passed += from.passed
  for (const entry of from.entries) put(to, entry)
  for (const result of ['fail', 'warn', 'error'] as const) to.cut[result] += from.cut[result]
}

/** FNV-1a: the same uid is always in the same report. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}
