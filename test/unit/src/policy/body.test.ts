import t from 'tap'
import { problemsOf } from '#src/policy/body.ts'
import { platformTemplate, template } from '#test/fixtures-policy.ts'

const field = 'spec.kyverno.spec.validations[0].expression'
const validating = (expression: unknown) => ({ validations: [{ expression }] })

t.test('has nothing against a body that works', async t => {
  t.strictSame(problemsOf(template()), [])
})

t.test('says where an expression is wrong, and what is', async t => {
  t.strictSame(
    problemsOf(template(validating('has(object.spec) &&\n  size(objct.spec.title) > 8'))),
    [
      {
        rule: 'R203',
        field,
        value: 'has(object.spec) && size(objct.spec.title) > 8',
        problem: 'does not compile: line 2, column 8: there is no variable "objct"',
        fix: 'use one of object, oldObject, request, namespaceObject, variables, exceptions, json, yaml',
      },
    ],
  )
  t.match(problemsOf(template(validating(undefined))), [{ field, problem: 'is missing' }])
  t.match(problemsOf(template(validating(1))), [{ field, value: 1, problem: 'is no text' }])
})

t.test('what acts with the rights of Kyverno is for the platform', async t => {
  for (const expression of [
    'resource.get("v1", "secrets", "x").a == 1',
    'http.get("http://x").a == 1',
    '[http].all(h, h.get("x").a == 1)',
    'globalContext.get("x", "y") == 1',
    'image("nginx").registry() == ""',
    'image.getMetadata("nginx").a == 1',
    'parseImageReference("nginx").registry() == ""',
    'random() == ""',
    'random.random("[a]") == ""',
    'string(gzip.decompress(b"x")) == ""',
    '.http.get("http://x").a == 1',
  ]) {
    t.match(
      problemsOf(template(validating(expression))),
      [{ rule: 'R203', problem: /may not be compiled: line 1/ }],
      expression,
    )
    t.strictSame(problemsOf(platformTemplate(validating(expression))), [], expression)
  }
})

t.test('a name that hides one of those is harmless', async t => {
  t.strictSame(problemsOf(template(validating('[1].all(http, http == 1)'))), [])
})

t.test('types other than two are for the platform', async t => {
  const body = { generate: [{ expression: 'generator.apply([])' }] }
  t.match(problemsOf(template(body, {}, 'Generating')), [
    { field: 'spec.kyverno.type', value: 'Generating', rule: 'R203' },
    { problem: /"generator" reads or writes/ },
  ])
  t.strictSame(problemsOf(platformTemplate(body, {}, 'Generating')), [])
})

t.test('names are names, each its own, and none of the binding’s', async t => {
  const body = {
    variables: [
      { name: 'a', expression: '1' },
      { name: 'a', expression: '2' },
      { name: 'a-b', expression: '3' },
    ],
    matchConditions: [
      { name: 'kradle-labels', expression: 'true' },
      { expression: 'true' },
      { name: 'x', expression: 'true' },
    ],
  }
  t.match(problemsOf(template(body)), [
    {
      field: 'spec.kyverno.spec.variables[1].name',
      problem: 'is the name of another one before it',
    },
    { field: 'spec.kyverno.spec.variables[2].name', value: 'a-b', problem: 'is no name' },
    { field: 'spec.kyverno.spec.matchConditions[0].name', problem: /^begins like/ },
    { field: 'spec.kyverno.spec.matchConditions[1].name', value: undefined, problem: 'is no name' },
  ])
})

t.test('an image reference is compared before anything else is known', async t => {
  const of = (expression: string) =>
    platformTemplate(
      { validations: [{ expression: 'true' }], matchImageReferences: [{ expression }] },
      {},
      'ImageValidating',
    )
  t.strictSame(problemsOf(of('ref.startsWith("ghcr.io/")')), [])
  t.match(problemsOf(of('object.kind == "Pod"')), [{ fix: 'use one of ref' }])
})

t.test('does not go on for ever', async t => {
  const validations = Array.from({ length: 50 }, () => ({ expression: 'x' }))
  t.equal(problemsOf(template({ validations })).length, 20)
})
