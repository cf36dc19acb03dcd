import t from 'tap'
import { capped } from '#src/apiserver/managed-fields/cap.ts'
import { decodeEntries, encodeEntries } from '#src/apiserver/managed-fields/entries.ts'
import type { Managed } from '#src/apiserver/managed-fields/managed.ts'

const entry = (manager: string, minute: number, fields: object = {}) => ({
  apiVersion: 'g/v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { [`f:${manager}`]: {} },
  manager,
  operation: 'Update',
  time: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  ...fields,
})
const many = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => entry(`m${from + index}`, from + index))
const cap = (entries: readonly object[]) => encodeEntries(capped(decodeEntries(entries)))!

t.test('ten updates stay, and anything applied', async t => {
  const entries = [...many(11).map(each => ({ ...each, operation: 'Apply' })), ...many(10)]
  t.strictSame(cap(entries), entries)
})

t.test('the two oldest become one, as old as the younger', async t => {
  t.strictSame(cap(many(11)), [
    entry('ancient-changes', 2, { fieldsV1: { 'f:m1': {}, 'f:m2': {} } }),
    ...many(9, 3),
  ])
})

t.test('what became one before takes in the next', async t => {
  t.strictSame(cap([entry('ancient-changes', 1), ...many(10, 2)]), [
    entry('ancient-changes', 2, { fieldsV1: { 'f:ancient-changes': {}, 'f:m2': {} } }),
    ...many(9, 3),
  ])
})

t.test('versions are kept apart', async t => {
  const entries = [entry('old', 1, { apiVersion: 'g/v0' }), ...many(10, 2)]
  t.strictSame(
    cap(entries).map(({ manager, apiVersion }) => [manager, apiVersion]),
    [
      ['old', 'g/v0'],
      ['ancient-changes', 'g/v1'],
      ...many(8, 4).map(({ manager }) => [manager, 'g/v1']),
    ],
  )
})

t.test('a name before its own is its undoing, in Kubernetes too', async t => {
  const entries = [entry('a', 1), entry('ancient-changes', 1), ...many(9, 2)]
  t.strictSame(cap(entries), [entry('a', 1), ...many(9, 2)])
})

t.test('does not change what it is given', async t => {
  const managed: Managed = decodeEntries(many(11))
  capped(managed)
  t.equal(managed.size, 11)
})
