import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { withUnmovedTimes } from '#src/apiserver/managed-fields/unmoved-times.ts'

const object = (spec: Record<string, unknown>, ...entries: object[]): UnknownObject => ({
  apiVersion: 'g/v1',
  kind: 'K',
  metadata: { name: 'a', ...(entries.length > 0 && { managedFields: entries }) },
  spec,
})
const [before, after] = [
  { manager: 'a', time: '1' },
  { manager: 'a', time: '2' },
]

t.test('times alone are no change', async t => {
  t.strictSame(withUnmovedTimes(object({}, before), object({}, after)), object({}, before))
  const timeless = { manager: 'a' }
  t.strictSame(withUnmovedTimes(object({}, timeless), object({}, after)), object({}, timeless))
})

t.test('with any other change they move', async t => {
  for (const [live, next] of [
    [object({}, before), object({ a: 1 }, after)],
    [object({}, before), object({}, after, after)],
    [object({}, before), object({}, { ...after, manager: 'b' })],
    [object({}), object({}, after)],
    [object({}), object({})],
  ] as const)
    t.equal(withUnmovedTimes(live, next), next)
})
