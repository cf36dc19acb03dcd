import t from 'tap'
import { Warnings } from '#src/apiserver/http/warnings.ts'

const headers = (...texts: string[]) => {
  const warnings = new Warnings()
  for (const text of texts) warnings.add(text)
  return warnings.headers
}

t.test('each warning once, as a quoted string', async t => {
  t.strictSame(headers(), [])
  t.strictSame(headers('b', '', 'a', 'b'), ['299 - "b"', '299 - "a"'])
  t.strictSame(headers(String.raw`a "b" \c`), [String.raw`299 - "a \"b\" \\c"`])
  t.strictSame(headers('one\r\ntwo'), ['299 - "one two"'])
})

t.test('goes out as UTF-8', async t => {
  t.equal(Buffer.from(headers('ü😀')[0]!, 'latin1').toString(), '299 - "ü😀"')
})

t.test('is cut where there is too much', async t => {
  t.equal(headers('x'.repeat(4_000))[0]!.length, 4_008)
  const many = headers(...Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(300, 'x')))
  t.equal(many.length, 16)
  t.equal(many[0]!.length, 256 + 8)
})
