import type { UnknownObject } from '#src/api/object.ts'
import { tooMany } from '#src/lib/schema/cause.ts'
import { jsonBytes } from '#src/lib/json-size.ts'
import type { Resource } from '../resource.ts'
import { invalid, tooLarge } from '../status-error.ts'

/** Bytes of an object at most, as etcd has it where kube-apiserver keeps one: metadata is not limited by any schema. */
const MOST_BYTES = 1536 * 1024

/** An object is found by each of its labels, so each is written into an index. */
const MOST_LABELS = 256

/** Throws StatusError 413 or 422 where an object is larger than what should be stored. */
export function checkSize({ kind: { group } }: Resource, object: UnknownObject): void {
  const { name, labels = {} } = object.metadata
  const count = Object.keys(labels).length
  if (count > MOST_LABELS)
    throw invalid({ group, kind: object.kind }, name, [
      tooMany('metadata.labels', count, MOST_LABELS),
    ])
  const bytes = jsonBytes(object)
  if (bytes > MOST_BYTES)
    throw tooLarge(`limit is ${MOST_BYTES}, and the object has ${bytes} bytes`)
}
