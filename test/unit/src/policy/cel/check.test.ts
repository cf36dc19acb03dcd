import t from 'tap'
import { faultsOf, type Scope } from '#src/policy/cel/check.ts'

const scope: Scope = {
  type: 'Validating',
  roots: new Set(['object', 'variables', 'json', 'http']),
  variables: new Set(['least']),
  messages: false,
  forbidden: new Map([
    ['http', 'fetches'],
    ['random', 'is random'],
  ]),
}
const faults = (source: string, change: Partial<Scope> = {}) =>
  faultsOf(source, { ...scope, ...change }).map(
    ({ line, column, problem }) => `${line}:${column} ${problem}`,
  )

t.test('takes what is there', async t => {
  for (const source of [
    'object.a.b[0] == variables.least // so',
    'object.?spec.?x[?0].orValue([]).exists(x, x == object)',
    'has(object.a) && has(variables.least) ? [1, ?object.?b] == [] : {"a": object, ?"b": object.?c} == {}',
    'object.list.all(i, v, v > i) && object.list.transformList(i, v, i > 0, v) == []',
    'object.?a.optMap(x, x + 1).hasValue() && object.list.sortBy(x, x.name) == []',
    'cel.bind(x, object.a, x + x) == 2 && math.greatest(1, 2, 3) == 3 && ip.isCanonical("::1")',
    'type(object) == map && optional.of(1).hasValue() && sets.contains([1], [1])',
    'json.unmarshal("{}").a == -1 && !(object.a in [1]) && time.now() > timestamp("2026-01-01T00:00:00Z")',
    'google.protobuf.Int64Value{value: 1} == 1 && type(object.a) == google.protobuf.Timestamp',
    'variables.?least.hasValue() && object.a.contains("x") && "x".matches("y") && matches("x", "y")',
    '[1].all(variables, variables.more == 1) && hash.sha256("a") == sha256("a") && .object.a',
    'b"x" == b"y" && 1u == 2u && null == object.b && 1.5 < 2.5',
  ])
    t.strictSame(faults(source), [], source)
})

t.test('says what is not, and where in the original', async t => {
  for (const [source, ...says] of [
    ['objct.a', '1:1 there is no variable "objct"'],
    [
      'object.?a.orValue(x) ==\n  y',
      '1:19 there is no variable "x"',
      '2:3 there is no variable "y"',
    ],
    ['variables.lest > 1', '1:10 there is no parameter or variable "lest"'],
    ['has(variables.lest)', '1:1 there is no parameter or variable "lest"'],
    ['nothing(1)', '1:1 there is no function "nothing"'],
    ['object.nothing()', '1:7 there is no function "nothing"'],
    ['object.sha256()', '1:7 "sha256" is a function and not a method'],
    ['startsWith("a", "b")', '1:1 "startsWith" is a method and not a function'],
    ['object.startsWith()', '1:7 "startsWith" does not take 0 arguments'],
    ['matches("a")', '1:1 "matches" does not take 1 argument'],
    ['getImageData("x")', '1:1 there is no function "getImageData"'],
    ['[1].exists(x, y)', '1:15 there is no variable "y"'],
    ['[y].exists(x, x)', '1:2 there is no variable "y"'],
    ['object.list.all(i, v, w)', '1:23 there is no variable "w"'],
    ['cel.bind(1, object, true) || cel.bind(x, x, true)', '1:42 there is no variable "x"'],
    ['http.get("x")', '1:1 "http" fetches'],
    ['random()', '1:1 "random" is random'],
    ['random.random()', '1:7 "random.random" is random'],
    ['Object{spec: 1}', '1:1 there is no type "Object"'],
    ['{object: x}', '1:10 there is no variable "x"'],
    ['google.protobuf', '1:1 there is no variable "google"'],
    ['[1].all(google, google.protobuf.Timestamp == 1)'],
    ['object[x]', '1:8 there is no variable "x"'],
    ['object.a.b{c: 1}', '1:1 there is no type "object.a.b"'],
  ] as const)
    t.strictSame(faults(source), says, source)
})

t.test('says what is wrong with the syntax', async t => {
  t.strictSame(faults('(object'), ['1:1 "(" is not closed'])
  t.match(faults('object ==\n  == 1'), [/^\d:\d+ found "=" where it makes no sense$/])
  t.match(faults('object a'), ['1:8 found "a" where it makes no sense'])
  t.strictSame(faults(String.raw`"a" == "\ud800"`), ['1:1 surrogate code points are not allowed'])
})

t.test('nothing of variables can be read where there are none', async t => {
  t.match(faultsOf('variables.least', { ...scope, variables: new Set() }), [
    { fix: /^write out what it stands for/ },
  ])
})

t.test('a mutation writes objects', async t => {
  t.strictSame(faults('Object{spec: Object.spec{a: object.b}}', { messages: true }), [])
  t.strictSame(
    faults('[JSONPatch{op: "add", path: jsonpatch.escapeKey("a"), value: 1}]', {
      messages: true,
      type: 'Mutating',
    }),
    [],
  )
  t.strictSame(faults('Subject{}', { messages: true }), ['1:1 there is no type "Subject"'])
})
