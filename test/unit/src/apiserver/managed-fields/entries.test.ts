import t from 'tap'
import {
  decodeEntries,
  encodeEntries,
  isReset,
  secondsOf,
  withEntries,
} from '#src/apiserver/managed-fields/entries.ts'
import { Unreadable } from '#src/apiserver/managed-fields/path-element.ts'

const entry = (fields: object = {}) => ({
  apiVersion: 'g/v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:a': {} },
  manager: 'a',
  operation: 'Update',
  time: '2026-01-01T00:00:00Z',
  ...fields,
})

t.test('writes what it read, by operation, age and name', async t => {
  const entries = [
    entry({ operation: 'Apply' }),
    entry({ operation: 'Apply', subresource: 'status' }),
    entry(),
    entry({ manager: 'b' }),
    entry({ manager: 'b', apiVersion: 'g/v2' }),
    entry({ manager: 'b', apiVersion: 'g/v2', subresource: 'status' }),
    entry({ manager: 'a2', time: '2026-01-01T00:00:01Z' }),
  ]
  t.strictSame(encodeEntries(decodeEntries(entries.toReversed())), entries)
})

t.test('of two entries of one manager the last is taken', async t => {
  const entries = [entry(), entry({ fieldsV1: { 'f:b': {} } })]
  t.strictSame(encodeEntries(decodeEntries(entries)), entries.slice(1))
})

t.test('takes times in any zone, and goes without', async t => {
  const [local] = encodeEntries(decodeEntries([entry({ time: '2026-01-01T01:00:00.9+01:00' })]))!
  t.equal(local!['time'], '2026-01-01T00:00:00Z')
  const [owned] = decodeEntries([entry({ time: undefined })]).values()
  t.equal(secondsOf(owned!), 0)
  t.notOk('time' in encodeEntries(decodeEntries([entry({ time: 'soon' })]))![0]!)
})

t.test('takes entries without fields or name', async t => {
  const [bare] = encodeEntries(decodeEntries([entry({ fieldsV1: undefined, manager: undefined })]))!
  t.strictSame(bare, {
    apiVersion: 'g/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    operation: 'Update',
    time: '2026-01-01T00:00:00Z',
  })
})

t.test('no entries are none', async t => {
  t.equal(encodeEntries(decodeEntries(undefined)), undefined)
  t.equal(encodeEntries(decodeEntries([])), undefined)
})

const refused: [unknown, string][] = [
  [entry({ operation: 'Guess' }), 'operation must be `Apply` or `Update`'],
  ['entry', 'operation must be `Apply` or `Update`'],
  [entry({ apiVersion: '' }), 'apiVersion must not be empty'],
  [entry({ fieldsType: '' }), 'missing fieldsType in managed fields entry 0'],
  [entry({ fieldsType: 'FieldsV2' }), 'invalid fieldsType "FieldsV2" in managed fields entry 0'],
  [entry({ fieldsV1: { f: {} } }), 'key must be 2 characters long:'],
]
for (const [value, message] of refused)
  t.test(`refuses entries: ${message}`, async t => {
    t.throws(() => decodeEntries([value]), new Unreadable(message))
  })

t.test('one empty entry is a reset', async t => {
  t.strictSame(
    [[{}], [{ manager: '', time: null }], [], undefined, [{}, {}], [entry()], ['x']].map(each =>
      isReset(each),
    ),
    [true, true, false, false, false, false, true],
  )
})

t.test('puts entries into an object', async t => {
  const object = {
    apiVersion: 'g/v1',
    kind: 'K',
    metadata: { name: 'a', managedFields: [entry()] },
  }
  t.strictSame(withEntries(object, undefined).metadata, { name: 'a' })
  t.strictSame(withEntries(object, [{ manager: 'b' }]).metadata.managedFields, [{ manager: 'b' }])
  const bare = { apiVersion: 'g/v1', kind: 'K' } as typeof object
  t.equal(withEntries(bare, undefined), bare)
  t.strictSame(withEntries(bare, []).metadata, { managedFields: [] })
})
