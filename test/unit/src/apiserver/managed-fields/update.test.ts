import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { update } from '#src/apiserver/managed-fields/update.ts'
import { BROKEN, entry as entryOf, object, served } from '#test/support/apply/served.ts'

const entry = (manager: string, spec: object, fields: object = {}) =>
  entryOf('Update', manager, spec, fields)
const by = (manager: string, subresource = '') => ({
  manager,
  subresource,
  time: '2026-01-02T00:00:00Z',
})
const entries = (live: UnknownObject | undefined, next: UnknownObject, writer = by('me')) =>
  update(live, next, writer, served).metadata.managedFields

t.test('whoever creates an object has its fields', async t => {
  t.strictSame(entries(undefined, object({ a: '1' }, { labels: { x: 'y' } })), [
    {
      ...entry('me', { '.': {}, 'f:a': {} }, { time: '2026-01-02T00:00:00Z' }),
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } },
        'f:spec': { '.': {}, 'f:a': {} },
      },
    },
  ])
})

t.test('whoever changes a field has it then', async t => {
  const managedFields = [entry('other', { 'f:a': {}, 'f:b': {} }), entry('me', { 'f:c': {} })]
  const live = object({ a: '1', b: '1' }, { uid: '1', managedFields })
  t.strictSame(entries(live, object({ a: '2', b: '1' }, { uid: '1' })), [
    entry('other', { 'f:b': {} }),
    entry('me', { 'f:a': {}, 'f:c': {} }, { time: '2026-01-02T00:00:00Z' }),
  ])
})

t.test('times do not move while nothing does', async t => {
  const live = object({ a: '1' }, { uid: '1', managedFields: [entry('me', { 'f:a': {} })] })
  t.strictSame(entries(live, structuredClone(live)), [entry('me', { 'f:a': {} })])
})

t.test('what is left of an object is anybody’s', async t => {
  const live = object({ a: '1' }, { uid: '1' })
  t.equal(entries(live, object({ a: '2' })), undefined)
})

t.test('takes entries that are sent, if they can be read', async t => {
  const managedFields = [entry('other', { 'f:a': {} })]
  const live = object({ a: '1' }, { uid: '1', managedFields })
  const sent = (value: unknown, writer = by('me')) =>
    entries(live, object({ a: '1' }, { managedFields: value }), writer)
  t.strictSame(sent([entry('made-up', { 'f:b': {} })]), [entry('made-up', { 'f:b': {} })])
  t.strictSame(sent([{}]), undefined)
  for (const kept of [[], undefined, [{ manager: 'x' }]]) t.strictSame(sent(kept), managedFields)
  t.strictSame(sent([{}], by('me', 'status')), managedFields)
})

t.test('what is stored and cannot be read counts as none', async t => {
  t.equal(
    entries(object({}, { uid: '1', managedFields: [{ manager: 'x' }] }), object({ a: '1' })),
    undefined,
  )
})

t.test('an object that does not fit has none', async t => {
  t.equal(entries(undefined, object({ a: 1 })), undefined)
})

t.test('a status is written by itself', async t => {
  const live = object({ a: '1' }, { uid: '1', managedFields: [entry('me', { 'f:a': {} })] })
  const next = { ...object({ a: '2' }), status: { phase: 'Done' } }
  t.strictSame(entries(live, next, by('me', 'status')), [
    entry('me', { 'f:a': {} }),
    {
      ...entry('me', {}, { subresource: 'status', time: '2026-01-02T00:00:00Z' }),
      fieldsV1: { 'f:status': { '.': {}, 'f:phase': {} } },
    },
  ])
})

t.test('errors of ours stay errors', async t => {
  const broken = { ...served, atom: BROKEN }
  t.throws(() => update(undefined, object({ a: '1' }), by('me'), broken), new TypeError('broken'))
  const bad = {
    get operation(): never {
      throw new TypeError('not readable')
    },
  }
  const live = object({}, { uid: '1', managedFields: [bad] })
  t.throws(() => update(live, object({ a: '1' }), by('me'), served), new TypeError('not readable'))
})
