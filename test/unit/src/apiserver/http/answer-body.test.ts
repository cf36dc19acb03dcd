import t from 'tap'
import { bodyOf, checkForm, CHUNK, listBody, sizeOf } from '#src/apiserver/http/answer-body.ts'
import type { Media } from '#src/apiserver/http/forms.ts'
import type { Entry } from '#src/apiserver/storage/store.ts'
import { note, plainForms, testResource } from '#test/support/activity-memory.ts'

const media = (form: Media['form']): Media => ({ form, includeObject: 'Object' })
const entryOf = (name: string, text = ''): Entry => ({
  namespace: 'a',
  name,
  uid: 'u',
  resourceVersion: '5',
  json: JSON.stringify(note(name, { text })),
})
const metadata = { resourceVersion: '7', continue: 'x' }

async function listed(entries: readonly Entry[], form: Media['form']) {
  const chunks: Buffer[] = []
  const answer = { type: 'list', entries, metadata } as const
  for await (const chunk of listBody(answer, testResource(), media(form), plainForms))
    chunks.push(chunk)
  return { chunks, json: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> }
}

t.test('one object in each form', async t => {
  const entry = entryOf('n')
  const answer = { type: 'entry', code: 200, entry } as const
  const of = (form: Media['form'], one = answer as Parameters<typeof bodyOf>[0]) =>
    bodyOf(one, testResource(), media(form), plainForms)
  t.equal(of('object'), entry.json)
  t.match(JSON.parse(of('Table')), {
    kind: 'Table',
    rows: [{ cells: ['n'], includeObject: 'Object' }],
  })
  t.match(JSON.parse(of('PartialObjectMetadata')), { metadata: { name: 'n' }, spec: undefined })
  const object = { type: 'object', code: 201, object: note('m') } as const
  t.match(JSON.parse(of('object', object)), { metadata: { name: 'm' } })
  t.match(JSON.parse(of('Table', object)), { rows: [{ cells: ['m'] }] })
  const status = { type: 'status', code: 200, status: { kind: 'Status' } } as const
  t.equal(of('Table', status), '{"kind":"Status"}')
})

t.test('lists in each form', async t => {
  const entries = Array.from({ length: 450 }, (_, i) => entryOf(`n${i}`))
  const plain = await listed(entries, 'object')
  t.match(plain.json, { kind: 'NoteList', apiVersion: 'test.example/v1', metadata })
  t.equal((plain.json['items'] as object[]).length, 450)
  const table = await listed(entries, 'Table')
  t.match(table.json, {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [{ name: 'Name' }],
  })
  const rows = table.json['rows'] as { cells: string[] }[]
  t.strictSame(
    rows.map(({ cells }) => cells[0]),
    entries.map(({ name }) => name),
  )
  const partial = await listed(entries, 'PartialObjectMetadataList')
  t.match(partial.json, {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'n0' } }],
  })
  for (const form of ['object', 'Table', 'PartialObjectMetadataList'] as const) {
    const { json } = await listed([], form)
    t.strictSame(json[form === 'Table' ? 'rows' : 'items'], [])
  }
})

t.test('in pieces, whatever is in them', async t => {
  const entries = ['ü'.repeat(700_000), 'x'.repeat(CHUNK), '', '😀'.repeat(100_000)].map(
    (text, i) => entryOf(`n${i}`, text),
  )
  const { chunks, json } = await listed(entries, 'object')
  t.ok(chunks.length > 6)
  t.ok(chunks.every(({ length }) => length <= CHUNK))
  t.equal((json['items'] as { spec: { text: string } }[])[0]!.spec.text.length, 700_000)
  const exact = entryOf('n', '')
  const head = JSON.stringify({ kind: 'NoteList', apiVersion: 'test.example/v1', metadata })
  const missing = CHUNK - (head.length - 1 + ',"items":['.length) - exact.json.length
  const whole = await listed([entryOf('n', 'x'.repeat(missing))], 'object')
  t.strictSame(
    whole.chunks.map(({ length }) => length),
    [CHUNK, 3],
  )
})

t.test('says how much there is', async t => {
  const entry = entryOf('n')
  t.equal(sizeOf({ type: 'list', entries: [entry, entry], metadata }), 2 * entry.json.length)
})

t.test('406 where form and answer do not go together', async t => {
  t.throws(() => checkForm(media('PartialObjectMetadata'), true), {
    code: 406,
    message:
      'you requested PartialObjectMetadata, but the requested object is a list (*unstructured.UnstructuredList)',
  })
  t.throws(() => checkForm(media('PartialObjectMetadataList'), false), {
    code: 406,
    message:
      'you requested PartialObjectMetadataList, but the requested object is not a list (*unstructured.Unstructured)',
  })
  t.doesNotThrow(() => checkForm(media('PartialObjectMetadata'), false))
  t.doesNotThrow(() => checkForm(media('PartialObjectMetadataList'), true))
  t.doesNotThrow(() => checkForm(media('Table'), true))
})
