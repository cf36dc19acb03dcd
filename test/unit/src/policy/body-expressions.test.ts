import t from 'tap'
import { expressionsOf } from '#src/policy/body-expressions.ts'
import { platformTemplate, template } from '#test/fixtures-policy.ts'

const list = (own: ReturnType<typeof template>) =>
  expressionsOf(own).map(
    ({ field, source, variables }) =>
      `${field.replace('spec.kyverno.spec.', '')}: ${String(source)} (${[...variables].join(' ')})`,
  )
const parameters = [{ name: 'p', type: 'string' as const, required: false }]

t.test('a variable sees those before it, conditions of validating policies none', async t => {
  const body = {
    variables: [{ name: 'a', expression: '1' }, { name: 'b', expression: '2' }, null],
    matchConditions: [{ expression: '3' }],
    validations: [{ expression: '4' }, { expression: '5', messageExpression: '6' }, {}],
    auditAnnotations: [{ valueExpression: '7' }],
  }
  t.strictSame(list(template(body, { parameters })), [
    'variables[0].expression: 1 (p)',
    'variables[1].expression: 2 (p a)',
    'variables[2].expression: undefined (p a b)',
    'matchConditions[0].expression: 3 ()',
    'validations[0].expression: 4 (p a b )',
    'validations[1].expression: 5 (p a b )',
    'validations[1].messageExpression: 6 (p a b )',
    'validations[2].expression: undefined (p a b )',
    'auditAnnotations[0].valueExpression: 7 (p a b )',
  ])
})

t.test('conditions of mutating and deleting policies see them', async t => {
  const mutating = {
    matchConditions: [{ expression: '1' }],
    targetMatchConstraints: { expression: '2' },
    targetMatchConditions: [{ expression: '3' }],
    mutations: [{ jsonPatch: { expression: '4' } }, { applyConfiguration: { expression: '5' } }],
  }
  t.strictSame(list(platformTemplate(mutating, { parameters }, 'Mutating')), [
    'matchConditions[0].expression: 1 (p)',
    'targetMatchConstraints.expression: 2 (p)',
    'targetMatchConditions[0].expression: 3 (p)',
    'mutations[0].jsonPatch.expression: 4 (p)',
    'mutations[1].applyConfiguration.expression: 5 (p)',
  ])
  t.strictSame(
    list(platformTemplate({ conditions: [{ expression: '1' }] }, { parameters }, 'Deleting')),
    ['conditions[0].expression: 1 (p)'],
  )
})

t.test('documents that are generated hold expressions', async t => {
  const generate = [
    { expression: '1' },
    { template: { value: 'a: ((2)) ((3))', interpolate: 'cel' } },
    { template: { value: 4 } },
    {},
    { template: { value: 'a: (( so it is ))' } },
  ]
  t.strictSame(list(platformTemplate({ generate }, {}, 'Generating')), [
    'generate[0].expression: 1 ()',
    'generate[1].template.value: 2 ()',
    'generate[1].template.value: 3 ()',
    'generate[2].template.value: 4 ()',
    'generate[3].expression: undefined ()',
  ])
})

t.test('so do images and attestors, at whatever depth', async t => {
  const body = {
    validations: undefined,
    images: [{ expression: '1' }],
    matchImageReferences: [{ glob: 'x' }, { expression: '2' }],
    attestors: [{ name: 'a', cosign: { key: { expression: '3' }, trustedRoot: { value: 'x' } } }],
  }
  t.strictSame(list(platformTemplate(body, { parameters }, 'ImageValidating')), [
    'images[0].expression: 1 ()',
    'matchImageReferences[1].expression: 2 ()',
    'attestors[0].cosign.key.expression: 3 (p)',
  ])
})

t.test('however deep that is', async t => {
  let deep: object = { expression: '1' }
  for (let depth = 0; depth < 5000; depth++) deep = { a: deep }
  t.equal(list(template({ attestors: [deep] })).length, 2)
})
