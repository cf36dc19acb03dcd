import t from 'tap'
import type { Media } from '#src/apiserver/http/forms.ts'
import { Frames } from '#src/apiserver/read/frames.ts'
import { badRequest } from '#src/apiserver/status-error.ts'
import type { StoredEvent } from '#src/apiserver/storage/store.ts'
import { plainForms, testResource } from '#test/support/activity-memory.ts'

const resource = testResource()
const json = '{"kind":"Note","metadata":{"name":"n","resourceVersion":"5"},"spec":{}}'
const before = '{"kind":"Note","metadata":{"name":"n","resourceVersion":"5"},"spec":{"old":true}}'
const entry = { namespace: 'a', name: 'n', uid: 'u', resourceVersion: '5', json }
const event: StoredEvent = {
  type: 'MODIFIED',
  entry,
  labels: {},
  fields: {},
  previous: { labels: {}, fields: {}, json: before },
}
const told = { type: 'MODIFIED', before: false } as const
const plain: Media = { form: 'object', includeObject: 'Metadata' }
const table: Media = { form: 'Table', includeObject: 'None' }
const partial: Media = { form: 'PartialObjectMetadata', includeObject: 'Metadata' }
const as = (media: Media, columns = false) => ({ resource, media, columns })
const parsed = (frame: Buffer) => JSON.parse(frame.toString()) as Record<string, unknown>

t.test('a frame is a line, made once for all', async t => {
  const frames = new Frames(plainForms)
  const frame = frames.event(event, told, as(plain))
  t.equal(frame.toString(), `{"type":"MODIFIED","object":${json}}\n`)
  t.equal(frames.event(event, told, as(plain)), frame)
  t.not(frames.event(event, { ...told, type: 'ADDED' }, as(plain)), frame)
  t.not(frames.event({ ...event, entry: { ...entry } }, told, as(plain)), frame)
})

t.test('shows what leaves as it was before, where that is known', async t => {
  const frames = new Frames(plainForms)
  const gone = { type: 'DELETED', before: true } as const
  t.equal(
    frames.event(event, gone, as(plain)).toString(),
    `{"type":"DELETED","object":${before}}\n`,
  )
  const unknown = { ...event, entry: { ...entry }, previous: { labels: {}, fields: {} } }
  t.equal(
    frames.event(unknown, gone, as(plain)).toString(),
    `{"type":"DELETED","object":${json}}\n`,
  )
})

t.test('in the form that is asked for', async t => {
  const frames = new Frames(plainForms)
  t.match(parsed(frames.event(event, told, as(partial))), {
    object: { kind: 'PartialObjectMetadata', metadata: { name: 'n' } },
  })
  t.match(parsed(frames.event(event, told, as(table, true))), {
    object: {
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }],
      rows: [{ includeObject: 'None' }],
    },
  })
  t.match(parsed(frames.event(event, told, as(table))), { object: { columnDefinitions: null } })
  t.match(parsed(frames.present(entry, as(plain))), { type: 'ADDED', object: { kind: 'Note' } })
})

t.test('bookmarks and errors', async t => {
  const frames = new Frames(plainForms)
  t.strictSame(parsed(frames.bookmark('7', false, as(plain))), {
    type: 'BOOKMARK',
    object: { kind: 'Note', apiVersion: 'test.example/v1', metadata: { resourceVersion: '7' } },
  })
  t.match(parsed(frames.bookmark('7', true, as(plain))), {
    object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  })
  t.match(parsed(frames.bookmark('7', true, as(table))), {
    object: { rows: [{ includeObject: 'Metadata' }] },
  })
  t.match(parsed(frames.error(badRequest('x'))), {
    type: 'ERROR',
    object: { kind: 'Status', code: 400 },
  })
})
