import t from 'tap'
import { LineCounter } from 'yaml'
import { readYaml } from '#src/check/yaml.ts'

const read = (text: string): unknown => readYaml(text, new LineCounter())[0]!.toJS()

const scalars: [value: unknown, ...texts: string[]][] = [
  [true, 'yes', 'Yes', 'on', 'ON', 'y', 'true'],
  [false, 'no', 'off', 'n', 'N', 'False'],
  [null, '~', 'null', ''],
  [64, '0100', '0o100', '0_100', '0x40', '0b1000000', '64', '+64', '6_4', '64.', '6.4e1'],
  [-8, '-8', '-010', '-08', '-0x8'],
  [0, '0', '00', '0_', '0.0'],
  [0.5, '.5', '0.5', '+.5', '5e-1'],
  [Infinity, '.inf', '+.Inf'],
  [-Infinity, '-.INF'],
  [NaN, '.nan', '.NaN'],
  [3, '!!int "3"', '!!float 3'],
]
for (const [value, ...texts] of scalars)
  t.test(`reads ${String(value)}`, async t => {
    for (const text of texts) t.same(read(`a: ${text}`), { a: value }, text)
  })

t.test('leaves text alone', async t => {
  for (const text of [
    '.',
    '..',
    '-',
    '0x',
    '0b2',
    '_1',
    '1.2.3',
    '1:30',
    '190:20:30',
    '1e999',
    '1e_',
  ])
    t.strictSame(read(`[a, ${JSON.stringify(text)}]`), ['a', text], 'quoted')
  for (const text of ['.', '..', '0x', '0b2', '_1', '1.2.3', '1:30', '190:20:30', '1e999', '1e_'])
    t.strictSame(read(`a: ${text}`), { a: text }, text)
  for (const date of ['2020-01-01', '2020-01-01T00:00:00Z', '2020-01-01 10:00:00'])
    t.strictSame(read(`a: ${date}`), { a: date }, date)
  for (const tag of ['binary', 'timestamp'])
    t.strictSame(read(`a: !!${tag} aGk=`), { a: 'aGk=' }, tag)
})

t.test('makes JSON of what YAML has more of', async t => {
  t.strictSame(read('a: !!set {x}'), { a: { x: null } })
  t.strictSame(read('a: !!omap [x: 1]'), { a: [{ x: 1 }] })
  t.strictSame(read('yes: 1\n010: 2\n'), { 8: 2, true: 1 })
  t.strictSame(read('a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\n'), {
    a: { b: 1, c: 2 },
    d: { b: 1, c: 3 },
  })
  t.strictSame(read('%YAML 1.2\n---\na: yes\n'), { a: true }, 'whatever it says that it is')
})
