import t from 'tap'
import { duplicateKeys } from '#src/apiserver/write/duplicate-keys.ts'

const cases: Readonly<Record<string, string[]>> = {
  '1': [],
  '"a"': [],
  '{}': [],
  '{"a":1,"b":2}': [],
  '{"a":1,"a":2}': ['a'],
  '{"a":1,"a":2,"a":3}': ['a'],
  '{"a":{"b":1},"c":{"b":1}}': [],
  '{"a":{"b":1,"b":{}},"a":[]}': ['a.b', 'a'],
  '[{"a":1,"a":1},{"a":"a"}]': ['[0].a'],
  '{"l":[1,{"x":1},{"x":[0,{"y":1,"y":2}],"x":1}]}': ['l[2].x[1].y', 'l[2].x'],
  '{"a\\"b":1,"a\\"b":1,"\\\\":1,"\\u0063":1,"c":2}': ['a"b', 'c'],
  '{"a":"{\\"b\\":1,\\"b\\":1}","b":",:{[]}"}': [],
  '[["a","a"],"a"]': [],
}

t.test('finds what is there twice', async t => {
  for (const [text, want] of Object.entries(cases)) {
    JSON.parse(text)
    t.strictSame(duplicateKeys(text), want, text)
  }
})

t.test('stops at a hundred', async t => {
  const twice = Array.from({ length: 150 }, (_, i) => `"k${i}":1,"k${i}":2`)
  t.equal(duplicateKeys(`{${twice.join(',')}}`).length, 100)
})
