import { setImmediate } from 'node:timers/promises'
import { apiVersionOf } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Answer } from '../request.ts'
import type { Resource } from '../resource.ts'
import { notAcceptable } from '../status-error.ts'
import type { Entry } from '../storage/store.ts'
import { isPartial, type Forms, type Media } from './forms.ts'

/** Bytes of a chunk at most. */
export const CHUNK = 256 * 1024

/** Objects that are put into another form at once. */
const BATCH = 200

type ListAnswer = Extract<Answer, { type: 'list' }>

/** Throws StatusError 406 where the form and what is answered do not go together. */
export function checkForm({ form }: Media, isList: boolean): void {
  if (form === 'PartialObjectMetadata' && isList)
    throw notAcceptable(
      'you requested PartialObjectMetadata, but the requested object is a list (*unstructured.UnstructuredList)',
    )
  if (form === 'PartialObjectMetadataList' && !isList)
    throw notAcceptable(
      'you requested PartialObjectMetadataList, but the requested object is not a list (*unstructured.Unstructured)',
    )
}

/** The body of an answer about one object. */
export function bodyOf(
  answer: Exclude<Answer, ListAnswer>,
  resource: Resource,
  media: Media,
  forms: Forms,
): string {
  if (answer.type === 'status') return JSON.stringify(answer.status)
  if (answer.type === 'entry' && media.form === 'object') return answer.entry.json
  const object =
    answer.type === 'entry' ? (JSON.parse(answer.entry.json) as UnknownObject) : answer.object
  if (media.form === 'object') return JSON.stringify(object)
  return JSON.stringify(
    isPartial(media)
      ? forms.partialOf(object)
      : forms.tableOf(resource, object, media.includeObject),
  )
}

/** The body of a list in pieces of up to 256 kB, between which others have their turn. */
export async function* listBody(
  answer: ListAnswer,
  resource: Resource,
  media: Media,
  forms: Forms,
): AsyncGenerator<Buffer> {
  let waiting = ''
  for (const piece of pieces(answer, resource, media, forms)) {
    waiting += piece
    if (waiting.length < CHUNK) continue
    yield* cut(waiting)
    waiting = ''
    await setImmediate()
  }
  yield* cut(waiting)
}

/** A chunk may begin within a character: they go out as they are. */
function* cut(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}

function* pieces(
  { entries, metadata }: ListAnswer,
  resource: Resource,
  media: Media,
  forms: Forms,
): Generator<string> {
  const head = (kind: string, apiVersion: string, listed: object = metadata): string =>
    `{"kind":${JSON.stringify(kind)},"apiVersion":"${apiVersion}","metadata":${JSON.stringify(listed)}`
  const { form, includeObject } = media
  if (form === 'object') {
    // Lists of custom resources always have a token, the others only where there is more.
    const listed = { continue: '', ...metadata }
    yield `${head(resource.listKind, apiVersionOf(resource.kind), listed)},"items":[`
    yield* joined(entries, ({ json }) => json)
  } else if (form === 'Table') {
    const { columnDefinitions } = forms.tableOf(resource, [], includeObject)
    yield `${head('Table', 'meta.k8s.io/v1')},"columnDefinitions":${JSON.stringify(columnDefinitions)},"rows":[`
    for (let at = 0; at < entries.length; at += BATCH) {
      const { rows } = forms.tableOf(resource, entries.slice(at, at + BATCH), includeObject)
      yield `${at > 0 ? ',' : ''}${rows.map(row => JSON.stringify(row)).join(',')}`
    }
  } else {
    yield `${head('PartialObjectMetadataList', 'meta.k8s.io/v1')},"items":[`
    yield* joined(entries, ({ json }) =>
      JSON.stringify(forms.partialOf(JSON.parse(json) as UnknownObject)),
    )
  }
  yield ']}\n'
}

function* joined(entries: readonly Entry[], textOf: (entry: Entry) => string): Generator<string> {
  let separator = ''
  for (const entry of entries) {
    yield separator + textOf(entry)
    separator = ','
  }
}

/** Bytes of a list, roughly, before it is put together. */
export const sizeOf = ({ entries }: ListAnswer): number =>
  entries.reduce((sum, { json }) => sum + json.length, 0)
