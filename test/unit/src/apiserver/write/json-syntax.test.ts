import t from 'tap'
import { syntaxError } from '#src/apiserver/write/json-syntax.ts'

const BAD: Readonly<Record<string, string>> = {
  '': 'unexpected end of JSON input',
  '  ': 'unexpected end of JSON input',
  '{': 'unexpected end of JSON input',
  '{"a"': 'unexpected end of JSON input',
  '{"a":': 'unexpected end of JSON input',
  '{"a":1': 'unexpected end of JSON input',
  '[1': 'unexpected end of JSON input',
  '"a': 'unexpected end of JSON input',
  '"\\': 'unexpected end of JSON input',
  tru: 'unexpected end of JSON input',
  '-': 'unexpected end of JSON input',
  '1e': 'unexpected end of JSON input',
  nope: "invalid character 'o' in literal null (expecting 'u')",
  "'": String.raw`invalid character '\'' looking for beginning of value`,
  '{a': "invalid character 'a' looking for beginning of object key string",
  '{"a":1,}': "invalid character '}' looking for beginning of object key string",
  '{"a" "b"}': `invalid character '"' after object key`,
  '{"a":1 2}': "invalid character '2' after object key:value pair",
  '[1 2]': "invalid character '2' after array element",
  '[1,]': "invalid character ']' looking for beginning of value",
  '1 2': "invalid character '2' after top-level value",
  '01': "invalid character '1' after top-level value",
  '-x': "invalid character 'x' in numeric literal",
  '1.x': "invalid character 'x' after decimal point in numeric literal",
  '1ex': "invalid character 'x' in exponent of numeric literal",
  '1e+x': "invalid character 'x' in exponent of numeric literal",
  '"a\nb"': String.raw`invalid character '\n' in string literal`,
  '"\\x"': "invalid character 'x' in string escape code",
  '"\\u00g0"': String.raw`invalid character 'g' in \u hexadecimal character escape`,
  '"\\u': 'unexpected end of JSON input',
}

t.test('says what Go says', async t => {
  for (const [text, want] of Object.entries(BAD)) {
    t.throws(() => JSON.parse(text) as unknown, text)
    t.equal(syntaxError(text), want, text)
  }
})

t.test('says nothing of JSON', async t => {
  for (const text of [
    '{}',
    '[]',
    ' [1, -0.5e+3, 1E2, 0] ',
    '{"a":{"b":[true,false,null]},"c":"\\u00e9\\n"}',
  ])
    t.equal(syntaxError(text), undefined, text)
})

t.test('what goes deeper than functions can follow is not taken for a mistake in it', async t => {
  t.throws(() => syntaxError('['.repeat(1_000_000)), RangeError)
})
