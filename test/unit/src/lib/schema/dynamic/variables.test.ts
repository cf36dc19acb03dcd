import { isCelMap } from '@bufbuild/cel'
import t from 'tap'
import { evaluated } from '#src/apiserver/admission/policy/conditions.ts'
import { compiled } from '#src/lib/schema/dynamic/compiled.ts'
import { withVariables } from '#src/lib/schema/dynamic/variables.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'

const names = ['object', 'variables']
const variables = new Map(
  Object.entries({
    one: '1',
    two: 'variables.one + 1',
    broken: 'object.nope',
    onBroken: 'variables.broken',
    none: 'nothing',
  }).map(([name, source]) => [name, compiled(source, names)]),
)
const bindings = withVariables({ object: celValue({}) }, variables)
const says = (source: string) => evaluated(compiled(source, names), bindings)

t.test('are evaluated when they are looked at, on each other', async t => {
  t.same(says('variables.two + variables.two'), { value: 4n })
  t.match(says('has(variables.two) && !has(variables.three)'), { value: true })
  t.match(says('variables.three'), { error: /no such key: three/ })
  t.ok(isCelMap(bindings['variables']!) && !bindings['variables'].has(1n))
})

t.test('fail in their own words', async t => {
  t.match(says('variables.onBroken'), {
    error:
      'expression \'variables.onBroken\' resulted in error: composited variable "onBroken" fails to evaluate: composited variable "broken" fails to evaluate: no such key: nope',
  })
  t.match(says('variables.none'), {
    error: /composited variable "none" fails to compile: undeclared reference to 'nothing'/,
  })
})
