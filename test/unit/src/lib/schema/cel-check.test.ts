import { parse } from '@bufbuild/cel'
import t from 'tap'
import { checkExpression } from '#src/lib/schema/cel-check.ts'
import { compileSchema } from '#src/lib/schema/compile.ts'

const name = { type: 'object', properties: { name: { type: 'string' }, 'a-b': { type: 'string' } } }
const node = compileSchema({
  type: 'object',
  properties: {
    ref: name,
    list: { type: 'array', items: name },
    map: { type: 'object', additionalProperties: name },
    all: { type: 'object', additionalProperties: true },
    port: { 'x-kubernetes-int-or-string': true },
  },
})
const check = (source: string) => checkExpression(parse(source).expr, node)

t.test('takes what is there', async t => {
  for (const source of [
    'self.ref.name == "x" && has(self.ref.a__dash__b)',
    'self.list.all(x, x.name == "a") || self.list.exists_one(x, has(x.name))',
    'self.list.filter(x, x.name != "").map(x, x.name)[0] == "a"',
    'self.list[0].name == self.map["k"].name && self.map.k.name != ""',
    'self.map.all(k, self.map[k].name == k)',
    'type(self.port) == int ? self.port > 0 : self.port != ""',
    'self.ref.name in ["a", "b"] && {"a": 1}.size() == 1',
    'self.ref.name.matches("a") && self.ref.name.lowerAscii() == "a"',
    'duration("1h") < duration("2h") && strings.quote("a") == ""',
    'oldSelf.value().ref.name == "x"',
    'self.ref == oldSelf.ref',
    'self.all["x"] == 1 || self.port[0] == 1',
    '!(-1 == 1)',
    'self.port == 1 && dyn(self.port).anything == 1',
  ])
    t.doesNotThrow(() => check(source), source)
})

t.test('and nothing else', async t => {
  const refused: Record<string, RegExp> = {
    'self.nope': /undefined field 'nope'/,
    'has(self.ref.nope)': /undefined field 'nope'/,
    'self.list.all(x, x.nope == 1)': /undefined field 'nope'/,
    'self.list[0].nope': /undefined field 'nope'/,
    'self.map["k"].nope': /undefined field 'nope'/,
    'self.map.k.nope': /undefined field 'nope'/,
    'self.all.x': /undefined field 'x'/,
    'oldSelf.value().nope': /undefined field 'nope'/,
    'nobody.name': /undeclared reference to 'nobody'/,
    'url("x").getHost()': /no function or macro 'url' here/,
    'self.ref.name.find("x")': /no function or macro 'find' here/,
    'math.greatest(1, 2)': /no function or macro 'math\.greatest' here/,
    'self.list.all(i, x, true)': /no function or macro 'all' here|undeclared/,
    'cel.bind(x, 1, x)': /undeclared|no function/,
    'size()': /'size' does not exist as a function of 0/,
    'self.ref.name.startsWith("a", "b")': /'startsWith' does not exist as a method of 2/,
    'Message{a: 1}': /no message type Message/,
    '{"a": self.nope}': /undefined field/,
    '{self.nope: 1}': /undefined field/,
    '[self.nope]': /undefined field/,
  }
  for (const [source, says] of Object.entries(refused)) t.throws(() => check(source), says, source)
})
