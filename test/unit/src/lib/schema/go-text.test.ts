import t from 'tap'
import { goFloat, goJson, goNumber, goValue, quoted } from '#src/lib/schema/go-text.ts'

t.test('quotes as %q', async t => {
  t.equal(quoted('a "b" \\ c'), String.raw`"a \"b\" \\ c"`)
  t.equal(quoted('\u0007\b\f\n\r\t\v'), String.raw`"\a\b\f\n\r\t\v"`)
  t.equal(quoted('\u0000\u007f\u00ad\u2028'), String.raw`"\x00\x7f\u00ad\u2028"`)
  t.equal(quoted('ä😀\u0301'), '"ä😀\u0301"')
  t.equal(quoted('\u{e0001}'), String.raw`"\U000e0001"`)
  t.equal(quoted('\ud800'), '"\ufffd"')
})

t.test('writes floats as %v', async t => {
  const floats: [number, string][] = [
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [100000.5, '100000.5'],
    [1000000, '1e+06'],
    [1234567.5, '1.2345675e+06'],
    [1e20, '1e+20'],
    [1e100, '1e+100'],
    [-2.5, '-2.5'],
  ]
  for (const [value, text] of floats) t.equal(goFloat(value), text)
})

t.test('writes integers in full', async t => {
  t.equal(goNumber(1000000), '1000000')
  t.equal(goNumber(1e20), '1e+20')
})

t.test('writes JSON with its keys in order and nothing of HTML', async t => {
  t.equal(
    goJson({ b: [1, null, true], a: '<&>\u2028"' }),
    String.raw`{"a":"\u003c\u0026\u003e\u2028\"","b":[1,null,true]}`,
  )
})

t.test('shows values as causes do', async t => {
  t.equal(goValue('a'), '"a"')
  t.equal(goValue(1000000), '1000000')
  t.equal(goValue(null), 'null')
  t.equal(goValue({ a: 1 }), '{"a":1}')
})
