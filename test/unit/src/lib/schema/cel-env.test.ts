import { celMap, isCelError, parse, plan } from '@bufbuild/cel'
import t from 'tap'
import { asOptional, env } from '#src/lib/schema/cel-env.ts'

const run = (source: string, bindings: Record<string, never> | object = {}): unknown => {
  const result = plan(env, parse(source))(bindings as never)
  return isCelError(result) ? result.message : result
}

t.test('matches by RE2', async t => {
  t.equal(run(String.raw`"ab".matches("^\\pL+$")`), true)
  t.match(run('"a".matches("(?=a)")'), /invalid/i)
})

t.test('has the strings extension', async t => {
  t.equal(run('"A-b".lowerAscii().split("-")[1]'), 'b')
})

t.test('compares by value', async t => {
  t.equal(run('[1, 2] == [1, 2] && [1] != [2] && {"a": [1]} == {"a": [1]}'), true)
  t.equal(run('{"a": 1} in [{"a": 1}] && !("b" in ["a"]) && "a" in {"a": 1}'), true)
})

t.test('knows optional values, as far as oldSelf needs them', async t => {
  const x = asOptional(celMap(new Map()), 'y')
  const none = asOptional(celMap(new Map()), undefined)
  t.equal(run('x.hasValue() && x.value() == "y" && x.orValue("z") == "y"', { x }), true)
  t.equal(run('!x.hasValue() && x.orValue("z") == "z"', { x: none }), true)
  t.equal(run('x.value()', { x: none }), 'optional.none() dereference')
  t.match(run('{"a": 1}.hasValue()'), /not an optional value/)
})
