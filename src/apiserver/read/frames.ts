import type { UnknownObject } from '#src/api/object.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import { isPartial, type Forms, type Media } from '../http/forms.ts'
import type { Resource } from '../resource.ts'
import type { StatusError } from '../status-error.ts'
import type { Entry, EventType, StoredEvent } from '../storage/store.ts'
import type { WatchEvent } from './watch-event.ts'

/** How a watcher wants to be told. */
export interface Telling {
  readonly resource: Resource
  readonly media: Media
  /** Whether a Table carries its columns: in the first frame of a watch alone. */
  readonly columns: boolean
}

/** Lines of a watch. The line for an event is made once for all who want the same form of it. */
export class Frames {
  readonly #forms: Forms
  readonly #made = new WeakMap<Entry, Map<string, Buffer>>()

  constructor(forms: Forms) {
    this.#forms = forms
  }

  /** Of a change that has been stored. */
  event({ entry, previous }: StoredEvent, { type, before }: WatchEvent, telling: Telling): Buffer {
    let made = this.#made.get(entry)
    if (!made) this.#made.set(entry, (made = new Map()))
    const { form, includeObject } = telling.media
    const key = `${type} ${before} ${form} ${includeObject} ${telling.columns}`
    let frame = made.get(key)
    if (!frame) {
      frame = this.#line(type, (before && previous?.json) || entry.json, telling)
      made.set(key, frame)
    }
    return frame
  }

  /** Of an object that is there already. */
  present(entry: Entry, telling: Telling): Buffer {
    return this.#line('ADDED', entry.json, telling)
  }

  /** Says that everything up to this version has been told; `initial` that this was all there was at the beginning. */
  bookmark(resourceVersion: string, initial: boolean, telling: Telling): Buffer {
    const annotations = { 'k8s.io/initial-events-end': 'true' }
    const object = {
      kind: telling.resource.kind.kind,
      apiVersion: apiVersionOf(telling.resource.kind),
      metadata: { resourceVersion, ...(initial && { annotations }) },
    }
    // The annotation must get there, whatever is left out of the rows otherwise.
    const media = { ...telling.media, includeObject: 'Metadata' } as const
    return this.#line('BOOKMARK', JSON.stringify(object), { ...telling, media })
  }

  error(error: StatusError): Buffer {
    return Buffer.from(`{"type":"ERROR","object":${JSON.stringify(error.body)}}\n`)
  }

  #line(type: EventType | 'BOOKMARK', json: string, telling: Telling): Buffer {
    return Buffer.from(`{"type":"${type}","object":${this.#formed(json, telling)}}\n`)
  }

  #formed(json: string, { resource, media, columns }: Telling): string {
    if (media.form === 'object') return json
    const object = JSON.parse(json) as UnknownObject
    if (isPartial(media)) return JSON.stringify(this.#forms.partialOf(object))
    const table = this.#forms.tableOf(resource, object, media.includeObject)
    return JSON.stringify(columns ? table : { ...table, columnDefinitions: null })
  }
}
