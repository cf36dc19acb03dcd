import fc from 'fast-check'
import t from 'tap'
import { jsonBytes } from '#src/lib/json-size.ts'

t.test('counts what would be written', async () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: 'binary' }),
      value => jsonBytes(value) === Buffer.byteLength(JSON.stringify(value)),
    ),
  )
})

t.test('counts what no call stack holds', async t => {
  const depth = 50_000
  const deep: unknown = JSON.parse('[{"a":'.repeat(depth) + '"é\ud800"' + '}]'.repeat(depth))
  t.equal(jsonBytes(deep), depth * '[{"a":}]'.length + '"é\\ud800"'.length + 1)
})
