import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'

t.test('evaluates', async t => {
  const expression = compileDynamic('object.?a.orValue(1) > 0', ['object'])
  t.equal(expression.source, 'object.?a.orValue(1) > 0')
  t.match(expression.evaluate({ object: celValue({}) }), { value: true, result: true })
  t.match(compileDynamic('object.a', ['object']).evaluate({ object: celValue({}) }), {
    error: 'no such key: a',
  })
})

t.test('throws for what it cannot', async t => {
  for (const source of ['', 'a b', 'nope', 'object.isIP()']) {
    t.throws(() => compileDynamic(source, ['object']), source)
  }
})

interface Policy {
  kind: string
  metadata: { name: string }
  spec: {
    matchConditions?: { expression: string }[]
    variables?: { expression: string }[]
    validations: { expression: string; messageExpression?: string }[]
  }
}

t.test("Kradle's own policies compile, every expression of them", async t => {
  const names = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', 'variables']
  let count = 0
  for (const file of globSync('charts/kradle/admission/*.yaml'))
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
      const { kind, metadata, spec } = document.toJS() as Policy
      if (kind !== 'ValidatingAdmissionPolicy') continue
      const { matchConditions = [], variables = [], validations } = spec
      const sources = [
        ...[...matchConditions, ...variables, ...validations].map(each => each.expression),
        ...validations.flatMap(({ messageExpression: says }) => (says ? [says] : [])),
      ]
      for (const source of sources) {
        count++
        t.doesNotThrow(() => compileDynamic(source, names), `${metadata.name}: ${source}`)
      }
    }
  t.ok(count > 100, `${count} expressions`)
})
