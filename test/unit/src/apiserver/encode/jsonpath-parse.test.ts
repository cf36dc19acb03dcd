import t from 'tap'
import { parseJsonPath } from '#src/apiserver/encode/jsonpath-parse.ts'

const field = (name: string) => ({ type: 'field', name })
const slice = (start?: number, end?: number | 'next', step?: number) => ({
  type: 'slice',
  start,
  end,
  step,
})

t.test('reads fields, escaped and in brackets', async t => {
  t.strictSame(parseJsonPath('.spec.name'), [field('spec'), field('name')])
  t.strictSame(parseJsonPath('$.spec'), [field('spec')])
  t.strictSame(parseJsonPath('.'), [field('')])
  t.strictSame(parseJsonPath(String.raw`.example\.org/note`), [field('example.org/note')])
  t.strictSame(parseJsonPath(`.map['a.b']`), [field('map'), field('a'), field('b')])
  t.strictSame(parseJsonPath(String.raw`.map['a\.b']`), [field('map'), field('a.b')])
  t.strictSame(parseJsonPath('.list.*'), [field('list'), { type: 'wildcard' }])
})

t.test('reads indexes, slices and unions', async t => {
  const cases = {
    '[*]': slice(),
    '[]': slice(0, 'next'),
    '[2]': slice(2, 'next'),
    '[-1]': slice(-1, 'next'),
    '[1:3]': slice(1, 3),
    '[:]': slice(0),
    '[1:]': slice(1),
    '[:-1]': slice(0, -1),
    '[0:4:2]': slice(0, 4, 2),
    '[::2]': slice(0, undefined, 2),
  }
  for (const [path, want] of Object.entries(cases)) t.strictSame(parseJsonPath(path), [want], path)
  t.strictSame(parseJsonPath(`[0, 'a']`), [
    { type: 'union', paths: [[slice(0, 'next')], [field('a')]] },
  ])
})

t.test('reads filters', async t => {
  const filter = (left: unknown, operator = 'exists', right: unknown[] = []) => [
    { type: 'filter', left, operator, right },
  ]
  const literal = (value: unknown) => [{ type: 'literal', value }]
  const cases = {
    '[?(@.a)]': filter([field('a')]),
    '[?(@.a=="b")]': filter([field('a')], '==', literal('b')),
    [`[?(@.a != 'b)c')]`]: filter([field('a')], '!=', literal('b)c')),
    [String.raw`[?(@.a=="\"")]`]: filter([field('a')], '==', literal('"')),
    '[?(@.a>=3)]': filter([field('a')], '>=', literal(3)),
    '[?(@.a<-2.5)]': filter([field('a')], '<', literal(-2.5)),
    '[?(@.a==true)]': filter([field('a')], '==', literal(true)),
    '[?(@.a==false)]': filter([field('a')], '==', literal(false)),
    '[?(@.a==@.b)]': filter([field('a')], '==', [field('b')]),
  }
  for (const [path, want] of Object.entries(cases)) t.strictSame(parseJsonPath(path), want, path)
})

t.test('refuses what kubectl cannot read, and what has no order', async t => {
  const cases = {
    '..name': '".." is not taken',
    'name.first': '"n" is not expected',
    '.a{.b}': '"{" is not expected',
    '[1.2.3]': '"[1.2.3]" is no index',
    '[?(@.a==1.2.3)]': '"1" is not expected',
    '[?(@.a)': 'the filter does not end',
    '[?(@.a=="b)]': 'the filter does not end',
    '[name]': '"[name]" is no index',
    '[1': '"[" is not expected',
    '[?(@.a=="b)c")': 'the filter does not end',
  }
  for (const [path, why] of Object.entries(cases))
    t.throws(
      () => parseJsonPath(path),
      new RegExp(why.replaceAll(/[[\]{}.]/g, String.raw`\$&`)),
      path,
    )
})
