import t from 'tap'
import { readYaml } from '#src/apiserver/write/yaml-text.ts'

class Refused extends Error {}
const refusal = (why: string): Error => new Refused(why)
const value = (text: string): unknown => readYaml(text, refusal).value

t.test('reads YAML 1.1 as Go does', async t => {
  t.strictSame(value('a: yes\nb: off\nc: 0777\nd: 1_000\ne: ~\nf: 1.5\n1: x'), {
    a: true,
    b: false,
    c: 511,
    d: 1000,
    e: null,
    f: 1.5,
    '1': 'x',
  })
  t.strictSame(value('a: 2020-01-01\nb: 1:30\nc: 12:30:45.5'), {
    a: '2020-01-01',
    b: '1:30',
    c: '12:30:45.5',
  })
  t.strictSame(value('a: &x {q: 1}\nb:\n  <<: *x\n  z: 2'), { a: { q: 1 }, b: { q: 1, z: 2 } })
  t.strictSame(value('{"a": [1, {"b": null}]}'), { a: [1, { b: null }] })
  t.strictSame(value('a: 1\n---\nb: 2'), { a: 1 })
  t.equal(value(''), null)
  t.equal(value('# nothing'), null)
})

t.test('says what is there twice, and takes the last', async t => {
  t.strictSame(readYaml('a: 1\nb:\n- c: 1\n  c: 2\n? [x]\n: 1\na:\n  d: 3\n', refusal), {
    value: { a: { d: 3 }, b: [{ c: 2 }], '[ x ]': 1 },
    duplicates: ['line 4: key "c" already set in map', 'line 8: key "a" already set in map'],
  })
  t.strictSame(readYaml('a: x\na: y', refusal).duplicates, ['line 2: key "a" already set in map'])
  t.strictSame(readYaml('? a\n? a', refusal).duplicates, ['line 2: key "a" already set in map'])
})

t.test('refuses what is none', async t => {
  for (const text of ['a: b: c', 'a: [', 'a:\n\t- b', '*x'])
    try {
      t.fail(JSON.stringify(value(text)))
    } catch (error) {
      t.ok(error instanceof Refused, text)
    }
  t.throws(() => value('a: b: c'), /^yaml: line 1: \S/)
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
  for (const [to, from] of ['ba', 'cb', 'dc', 'ed', 'fe'])
    bomb.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(',')}]`)
  t.throws(() => value(bomb.join('\n')), /^yaml: Excessive alias count/)
})

t.test(
  'takes any amount of JSON, and of YAML as much as can be read without keeping others waiting',
  async t => {
    const much = 'x'.repeat(200_000)
    t.strictSame(readYaml(JSON.stringify({ a: much }), refusal), {
      value: { a: much },
      duplicates: [],
    })
    t.match(readYaml('{"a": 1,\n"a": 2}', refusal), {
      value: { a: 2 },
      duplicates: ['line 2: key "a" already set in map'],
    })
    t.throws(() => value(`a: ${much}`), {
      code: 413,
      message: /YAML is limited to 131072 characters/,
    })
  },
)
