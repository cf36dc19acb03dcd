import t from 'tap'
import { conditionsMet, evaluated } from '#src/apiserver/admission/policy/conditions.ts'
import { compiled } from '#src/lib/schema/dynamic/compiled.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'

const bindings = { object: celValue({ a: 1 }) }
const of = (...sources: string[]) => sources.map(source => compiled(source, ['object']))
const met = (...sources: string[]) => conditionsMet(of(...sources), bindings)

t.test('evaluates, in the words of kube-apiserver', async t => {
  const [fine, missing, none] = of('object.a', 'object.b', 'nothing')
  t.same(evaluated(fine!, bindings), { value: 1n })
  t.same(evaluated(missing!, bindings), {
    error: "expression 'object.b' resulted in error: no such key: b",
  })
  t.same(evaluated(none!, bindings), {
    error: "compilation error: undeclared reference to 'nothing'",
  })
})

t.test('all have to be met, and one that is not counts most', async t => {
  t.same(met(), { met: true })
  t.same(met('true', 'object.a == 1'), { met: true })
  t.same(met('object.b == 1', 'false'), { met: false })
  t.match(met('object.b == 1', 'true'), { error: /^expression 'object.b == 1' resulted/ })
  t.match(met('object.b == 1', 'object.c == 1'), { error: /^\[expression .*, expression .*\]$/ })
})
