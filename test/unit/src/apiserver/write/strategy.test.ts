import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { prepareForCreate, prepareForUpdate, wiped } from '#src/apiserver/write/strategy.ts'
import type { Hooks } from '#src/apiserver/write/hooks.ts'

const made = (spec: object, metadata: object = {}, more: object = {}): UnknownObject =>
  ({
    apiVersion: 'x.io/v1',
    kind: 'Gadget',
    metadata: { name: 'a', ...metadata },
    spec,
    ...more,
  }) as UnknownObject
const moment = { user: { username: 'jane' }, now: '2026-01-01T00:00:00Z' }
const stored = made(
  { size: 1 },
  { uid: 'u', generation: 3, creationTimestamp: 't' },
  { status: { phase: 'A' } },
)

t.test('a new object is the first of its kind', async t => {
  const sent = made({ size: 1 }, { uid: 'mine', generation: 7, labels: { a: 'b' } }, { status: {} })
  t.strictSame(prepareForCreate(wiped(sent), 'u', moment, undefined), {
    ...made({ size: 1 }),
    metadata: {
      name: 'a',
      labels: { a: 'b' },
      uid: 'u',
      creationTimestamp: moment.now,
      generation: 1,
    },
  })
})

t.test('hooks have their say', async t => {
  const hooks: Hooks = {
    prepareForCreate: (object, user, now) => ({ ...object, status: { by: user.username, now } }),
    prepareForUpdate: (object, old, user, now, subresource) => ({
      ...object,
      status: { by: user.username, now, was: old.status, subresource },
    }),
  }
  t.match(prepareForCreate(made({}), 'u', moment, hooks), {
    status: { by: 'jane', now: moment.now },
  })
  const next = prepareForUpdate(made({ size: 1 }), stored, '', moment, hooks)
  t.match(next.status, { by: 'jane', was: { phase: 'A' }, subresource: '' })
  t.equal(next.metadata.generation, 3, 'a status is no new generation')
  t.match(prepareForUpdate(stored, stored, 'status', moment, hooks).status, {
    subresource: 'status',
  })
  t.equal(prepareForUpdate(made({ size: 1 }), stored, '', moment, {}).metadata.generation, 3)
})

t.test('an update of the object keeps its status', async t => {
  const next = prepareForUpdate(
    made({ size: 2 }, {}, { status: { phase: 'B' } }),
    stored,
    '',
    moment,
    undefined,
  )
  t.strictSame(next.status, { phase: 'A' })
  t.strictSame(next.metadata, { name: 'a', uid: 'u', generation: 4, creationTimestamp: 't' })
  const { status: _, ...bare } = stored
  const without = prepareForUpdate(
    made({ size: 1 }, {}, { status: { phase: 'B' } }),
    bare,
    '',
    moment,
    undefined,
  )
  t.notOk('status' in without)
  t.equal(without.metadata.generation, 3)
  t.equal(
    prepareForUpdate(made({}), made({ size: 1 }), '', moment, undefined).metadata.generation,
    1,
  )
})

t.test('an update of the status keeps the object', async t => {
  const managedFields = [{ manager: 'm' }]
  const sent = made({ size: 9 }, { labels: { a: 'b' }, managedFields }, { status: { phase: 'B' } })
  t.strictSame(prepareForUpdate(sent, stored, 'status', moment, undefined), {
    ...stored,
    metadata: { ...stored.metadata, managedFields },
    status: { phase: 'B' },
  })
  const { status: _, ...bare } = stored
  t.strictSame(prepareForUpdate(bare, stored, 'status', moment, undefined), bare)
})
