import t from 'tap'
import type { Namespace } from '#src/api/core/v1.ts'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import {
  askMutatingPolicies,
  askValidatingPolicies,
} from '#src/apiserver/admission/policy/dispatch.ts'
import { policyOf } from '#src/apiserver/admission/policy/policy.ts'
import { allows, attributesFor } from '#test/support/activity-admission/attributes.ts'

const red: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'red' } }
const bound = (spec: object, bindings: object[] = [{}], kind = 'ValidatingAdmissionPolicy') => ({
  policy: policyOf({ apiVersion: 'v1', kind, metadata: { name: 'p' }, spec }),
  bindings: bindings.map((more, index) => ({
    apiVersion: 'v1',
    kind: `${kind}Binding`,
    metadata: { name: `b${index}` },
    spec: { policyName: 'p', validationActions: ['Deny'], ...more },
  })),
})
const no = (message: string, more = {}) => ({
  validations: [{ expression: 'false', message, ...more }],
})
const validating = (
  policies: ReturnType<typeof bound>[],
  more = {},
  namespaceOf: () => Promise<Namespace | undefined> = async () => red,
) => {
  const attributes = attributesFor(more)
  const asked = askValidatingPolicies(policies, new Context(attributes, allows), namespaceOf)
  return { asked, attributes }
}
const broken = { matchExpressions: [{ key: 'a', operator: 'Is' }] }

t.test('the first to deny says so', async t => {
  await validating([]).asked
  await validating([bound({ validations: [{ expression: 'true' }] })]).asked
  await t.rejects(validating([bound(no('m')), bound(no('n'))]).asked, {
    code: 422,
    reason: 'Invalid',
    message:
      "things.shadow.example.com \"one\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b0' denied request: m",
    details: {
      causes: [{ message: "ValidatingAdmissionPolicy 'p' with binding 'b0' denied request: m" }],
    },
  })
  await t.rejects(validating([bound(no('m', { reason: 'Forbidden' }))]).asked, { code: 403 })
  await t.rejects(validating([bound(no('m', { reason: 'Odd' }))]).asked, {
    code: 422,
    reason: 'Odd',
  })
})

t.test('bindings say what comes of it', async t => {
  const { asked, attributes } = validating([
    bound(no('m'), [{ validationActions: ['Warn', 'Audit'] }]),
  ])
  await asked
  t.same(attributes.warnings, [
    "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b0': m",
  ])
  await validating([bound(no('m'), [{ validationActions: undefined }])]).asked
  const regardless = { auditAnnotations: [{ key: 'k', valueExpression: 'object.nope' }] }
  await t.rejects(validating([bound(regardless, [{ validationActions: ['Audit'] }])]).asked)
})

t.test('asks those alone that are for the write', async t => {
  const rule = { operations: ['DELETE'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }
  await validating([bound({ matchConstraints: { resourceRules: [rule] }, ...no('m') })]).asked
  await validating([bound(no('m'), [{ matchResources: { resourceRules: [rule] } }])]).asked
  await t.rejects(validating([bound(no('m'))], { namespace: '' }).asked, { code: 422 })
})

t.test('what cannot be matched is refused, or let through', async t => {
  const constraints = { matchConstraints: { objectSelector: broken }, ...no('m') }
  await t.rejects(validating([bound(constraints)]).asked, {
    message: /ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: /,
  })
  await validating([bound({ ...constraints, failurePolicy: 'Ignore' })]).asked
  const selecting = [{ matchResources: { objectSelector: broken } }]
  await t.rejects(validating([bound(no('m'), selecting)]).asked, {
    message: /with binding 'b0' denied request: failed to configure binding: /,
  })
  await t.rejects(validating([bound(no('m'))], {}, async () => undefined).asked, { code: 404 })
  const lost = () => Promise.reject(new Error('lost'))
  const teams = { matchConstraints: { namespaceSelector: { matchLabels: { a: 'b' } } }, ...no('m') }
  await t.rejects(validating([bound(teams)], {}, lost).asked, /lost/)
})

t.test('mutating policies fail where they match', async t => {
  const ask = (spec: object, more: object[] = [{}]) =>
    askMutatingPolicies(
      [bound(spec, more, 'MutatingAdmissionPolicy')],
      new Context(attributesFor(), allows),
      async () => red,
    )
  await ask({ failurePolicy: 'Ignore' })
  await ask({ matchConditions: [{ name: 'c', expression: 'false' }] })
  await t.rejects(ask({}), {
    code: 403,
    message: /^policy 'p' with binding 'b0' denied request: a MutatingAdmissionPolicy is not/,
  })
  await t.rejects(ask({ matchConstraints: { objectSelector: broken } }), {
    message: /^policy "p" denied request: failed to configure policy/,
  })
})
