import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { objectionsOf } from '#src/apiserver/admission/policy/decide.ts'
import { policyOf } from '#src/apiserver/admission/policy/policy.ts'
import { allows, attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const attributes = attributesFor({ object: thing({ spec: { replicas: 3 } }) })
const objections = (spec: object) =>
  objectionsOf(
    policyOf({
      apiVersion: 'v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec,
    }),
    new Context(attributes, allows),
    undefined,
  )
const validation = (expression: string, more = {}) => ({ validations: [{ expression, ...more }] })

t.test('finds what is wrong', async t => {
  t.same(await objections(validation('object.spec.replicas == 3')), [])
  t.same(await objections(validation(' false ')), [
    { message: 'failed expression: false', reason: 'Invalid' },
  ])
  t.same(await objections(validation('false', { message: ' m ', reason: 'Forbidden' })), [
    { message: 'm', reason: 'Forbidden' },
  ])
  t.match(await objections(validation('object.spec.nope == 1')), [
    { message: /no such key: nope/, reason: '' },
  ])
  t.same(await objections({ failurePolicy: 'Ignore', ...validation('object.spec.nope == 1') }), [])
})

t.test('messages are what expressions say, if it is a line', async t => {
  const says = async (messageExpression: string) =>
    (await objections(validation('false', { message: 'm', messageExpression })))[0]?.message
  t.equal(await says("' replicas ' + string(object.spec.replicas)"), 'replicas 3')
  t.equal(await says("'a' + '\\n' + 'b'"), 'm')
  t.equal(await says("'  '"), 'm')
  t.equal(await says('1'), 'm')
  t.equal(await says('object.spec.nope'), 'm')
  t.equal(await says(`'${'x'.repeat(5200)}'`), 'm')
})

t.test('conditions come first, and then what cannot be evaluated', async t => {
  const when = (expression: string, more = {}) =>
    objections({
      matchConditions: [{ name: 'c', expression }],
      ...validation('false', { message: 'm' }),
      ...more,
    })
  t.same(await when('object.spec.replicas > 3'), [])
  t.match(await when('object.spec.replicas == 3'), [{ message: 'm' }])
  t.match(await when('object.spec.nope'), [{ message: /no such key/, reason: '' }])
  t.same(await when('object.spec.nope', { failurePolicy: 'Ignore' }), [])
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' }
  t.same(await when('false', { paramKind }), [])
  t.match(await when('true', { paramKind }), [{ message: /paramKind/, reason: '' }])
  t.same(await when('true', { paramKind, failurePolicy: 'Ignore' }), [])
})

t.test('what fails to be annotated is refused whatever the binding says', async t => {
  const annotated = (valueExpression: string) =>
    objections({ auditAnnotations: [{ key: 'k', valueExpression }] })
  t.same(await annotated("'x'"), [])
  t.same(await annotated('null'), [])
  t.same(await annotated('nothing'), [])
  t.match(await annotated('object.spec.nope'), [{ message: /no such key/, regardless: true }])
  t.match(await annotated('1'), [{ message: /unsupported return type/, regardless: true }])
})
