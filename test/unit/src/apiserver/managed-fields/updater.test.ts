import t from 'tap'
import { Unfit } from '#src/apiserver/managed-fields/conform.ts'
import { decodeEntries, encodeEntries } from '#src/apiserver/managed-fields/entries.ts'
import { FieldSet } from '#src/apiserver/managed-fields/field-set.ts'
import { encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import type { Manager } from '#src/apiserver/managed-fields/manager-id.ts'
import { pathText } from '#src/apiserver/managed-fields/path-element.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'
import { applied, updated } from '#src/apiserver/managed-fields/updater.ts'

const scope = {
  atom: typeOfSchema({
    type: 'object',
    properties: {
      a: { type: 'string' },
      b: { type: 'string' },
      map: { type: 'object', properties: { x: { type: 'string' }, y: { type: 'string' } } },
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    },
  }),
  apiVersion: 'g/v1',
  ignored: new FieldSet(),
}
const me: Manager = { manager: 'me', operation: 'Apply', apiVersion: '', subresource: '' }
const entry = (manager: string, fieldsV1: object, fields: object = {}) => ({
  apiVersion: 'g/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  manager,
  operation: 'Apply',
  ...fields,
})
const apply = (live: object, config: object, entries: readonly object[], force = false) => {
  const result = applied(live, config, decodeEntries(entries), { owner: me, scope, force })
  return result.conflicts
    ? { conflicts: result.conflicts.map(({ owner, path }) => `${owner.manager}${pathText(path)}`) }
    : { object: result.object, entries: encodeEntries(result.managed) }
}

t.test('a write takes what it changes from whoever had it', async t => {
  const managed = decodeEntries([
    entry('me', { 'f:a': {}, 'f:b': {} }),
    entry('other', { 'f:a': {} }),
  ])
  const result = updated({ a: '1', b: '1' }, { a: '2', b: '1' }, managed, scope)
  t.strictSame(encodeFields(result.changed), { 'f:a': {} })
  t.strictSame(encodeEntries(result.managed), [entry('me', { 'f:b': {} })])
})

t.test('what goes belongs to nobody', async t => {
  const managed = decodeEntries([entry('me', { 'f:a': {}, 'f:b': {} })])
  const result = updated({ a: '1', b: '1' }, { b: '1' }, managed, scope)
  t.equal(result.changed.isEmpty, true)
  t.strictSame(encodeEntries(result.managed), [entry('me', { 'f:b': {} })])
})

t.test('applying adds and takes away', async t => {
  const live = { a: '1', map: { x: '1', y: '1' }, set: ['p', 'q', 'r'] }
  const mine = { 'f:a': {}, 'f:map': { 'f:x': {} }, 'f:set': { 'v:"p"': {}, 'v:"q"': {} } }
  const theirs = { 'f:map': { 'f:y': {} }, 'f:set': { 'v:"q"': {}, 'v:"r"': {} } }
  t.strictSame(apply(live, { b: '2', set: ['s'] }, [entry('me', mine), entry('other', theirs)]), {
    object: { b: '2', map: { y: '1' }, set: ['q', 'r', 's'] },
    entries: [entry('me', { 'f:b': {}, 'f:set': { 'v:"s"': {} } }), entry('other', theirs)],
  })
})

t.test('a field of which nobody has anything goes with what is in it', async t => {
  t.strictSame(
    apply({ a: '1', map: { x: '1' } }, { a: '1' }, [
      entry('me', { 'f:a': {}, 'f:map': { 'f:x': {} } }),
    ]),
    {
      object: { a: '1' },
      entries: [entry('me', { 'f:a': {} })],
    },
  )
})

t.test('the same value is shared, another is a conflict', async t => {
  const other = entry('other', { 'f:a': {}, 'f:b': {} })
  t.strictSame(apply({ a: '1', b: '1' }, { a: '1' }, [other]), {
    object: undefined,
    entries: [entry('me', { 'f:a': {} }), other],
  })
  t.strictSame(apply({ a: '1', b: '1' }, { a: '2' }, [other]), { conflicts: ['other.a'] })
  t.strictSame(apply({ a: '1', b: '1' }, { a: '2' }, [other], true), {
    object: { a: '2', b: '1' },
    entries: [entry('me', { 'f:a': {} }), entry('other', { 'f:b': {} })],
  })
})

t.test('whoever applies nothing has nothing', async t => {
  t.strictSame(apply({ a: '1' }, {}, [entry('me', { 'f:a': {} }), entry('other', { 'f:a': {} })]), {
    object: undefined,
    entries: [entry('other', { 'f:a': {} })],
  })
  t.strictSame(apply({ a: '1' }, {}, [entry('me', {})]), { object: undefined, entries: undefined })
})

t.test('there are no fields of other versions', async t => {
  t.throws(
    () => apply({}, {}, [entry('other', { 'f:a': {} }, { apiVersion: 'g/v0' })]),
    new Unfit('request to convert CR to an invalid group/version: g/v0'),
  )
})
