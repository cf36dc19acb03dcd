import type { Resource } from '../resource.ts'
import type { Entry, EventType, StoredEvent } from './store.ts'
import { jsonOf } from './wire.ts'

/** An event as it is read: labels and fields as JSON, the age in seconds. */
export type FedRow = readonly [
  rv: string,
  type: EventType,
  resource: string,
  namespace: string,
  name: string,
  uid: string,
  labels: string,
  fields: string,
  body: string,
  priorLabels: string | null,
  priorFields: string | null,
  /** Only where labels or fields have changed. */
  priorBody: string | null,
  age: string,
]

/** What an event takes up besides its texts, in bytes: roughly. */
const OVERHEAD = 1024

type Texts = Readonly<Record<string, string>>

/** An event in memory. What subscribers are told is made when the first of them wants it, and shared. */
export class FedEvent {
  readonly resourceVersion: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
  /** What it holds of memory, roughly. */
  readonly bytes: number
  readonly #row: FedRow
  #told: StoredEvent | undefined

  constructor(row: FedRow) {
    const [rv, , resource, namespace, name, , ...rest] = row
    this.resourceVersion = rv
    this.resource = resource
    this.namespace = namespace
    this.name = name
    this.bytes = OVERHEAD + rest.reduce((sum, text) => sum + (text?.length ?? 0), 0)
    this.#row = row
  }

  told(resource: Resource): StoredEvent {
    this.#told ??= storedEvent(resource, this.#row)
    return this.#told
  }
}

function storedEvent(resource: Resource, row: FedRow): StoredEvent {
  const [rv, type, , namespace, name, uid, labels, fields, body, ...prior] = row
  const [priorLabels, priorFields, priorBody] = prior
  const entry: Entry = {
    namespace,
    name,
    uid,
    resourceVersion: rv,
    json: jsonOf(resource, rv, body),
  }
  const previous =
    type !== 'ADDED' && priorLabels !== null && priorFields !== null
      ? {
          labels: texts(priorLabels),
          fields: texts(priorFields),
          ...(priorBody !== null && { json: jsonOf(resource, rv, priorBody) }),
        }
      : undefined
  return { type, entry, labels: texts(labels), fields: texts(fields), previous }
}

const texts = (json: string): Texts => JSON.parse(json) as Texts
