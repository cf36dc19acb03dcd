import t from 'tap'
import { fieldProblems } from '#src/policy/body-fields.ts'
import { platformTemplate, template } from '#test/fixtures-policy.ts'

const body = 'spec.kyverno.spec'

t.test('takes what a body of its type has', async t => {
  t.strictSame(
    fieldProblems(template({ variables: [], auditAnnotations: [], matchConditions: [] }), false),
    [],
  )
  t.strictSame(
    fieldProblems(
      template({ mutations: [{}], reinvocationPolicy: 'Never' }, {}, 'Mutating'),
      false,
    ),
    [],
  )
})

t.test('leaves to the binding what is the binding’s', async t => {
  const spec = {
    validationActions: ['Deny'],
    failurePolicy: 'Fail',
    evaluation: {},
    webhookConfiguration: {},
    autogen: {},
    paramKind: {},
  }
  t.match(
    fieldProblems(template(spec), false),
    Object.keys(spec).map(field => ({
      rule: 'R203',
      field: `${body}.${field}`,
      problem: 'is not for a template to say',
    })),
  )
})

t.test('knows no other', async t => {
  t.match(fieldProblems(template({ rules: [] }), true), [
    {
      field: `${body}.rules`,
      problem: "is no field of a Validating policy's template",
      fix: /^leave it out: it has matchConstraints, matchConditions/,
    },
  ])
})

t.test('what changes other objects is for the platform', async t => {
  const spec = {
    mutations: [{}],
    targetMatchConstraints: {},
    evaluation: { mutateExisting: { enabled: true } },
  }
  t.match(fieldProblems(template(spec, {}, 'Mutating'), false), [
    { field: `${body}.targetMatchConstraints`, problem: /for templates of the platform/ },
    { field: `${body}.evaluation`, problem: /for templates of the platform/ },
  ])
  t.strictSame(fieldProblems(template(spec, {}, 'Mutating'), true), [])
  const switched = { mutations: [{}], evaluation: { admission: { enabled: false }, mode: 'JSON' } }
  t.match(fieldProblems(platformTemplate(switched, {}, 'Mutating'), true), [
    { field: `${body}.evaluation.admission` },
    { field: `${body}.evaluation.mode` },
  ])
})

t.test('a policy has to do something', async t => {
  t.match(fieldProblems(template({ validations: [] }), false), [
    {
      field: `${body}.validations`,
      problem: /^is no list of at least one; without it a Validating policy does nothing/,
    },
  ])
  t.match(fieldProblems(platformTemplate({ schedule: '@daily' }, {}, 'Deleting'), true), [
    { field: `${body}.conditions`, value: undefined, problem: /^is missing/ },
  ])
})
