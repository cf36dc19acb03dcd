import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'
import { isRelevant } from '#src/apiserver/admission/webhook/relevance.ts'
import { allows, attributesFor } from '#test/support/activity-admission/attributes.ts'

const rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }
const relevant = (more: object, attributes = attributesFor()) =>
  isRelevant(
    hooksOf({
      apiVersion: 'v1',
      kind: 'C',
      metadata: { name: 'c' },
      webhooks: [{ name: 'h', clientConfig: {}, rules: [rule], ...more }],
    })[0]!,
    new Context(attributes, allows),
    async () => undefined,
  )
const when = (expression: string) => ({ matchConditions: [{ name: 'c', expression }] })

t.test('by rules and conditions', async t => {
  t.equal(await relevant({}), true)
  t.equal(await relevant({ rules: [] }), false)
  t.equal(await relevant(when("object.metadata.name == 'one'")), true)
  t.equal(await relevant(when("object.metadata.name == 'two'")), false)
  t.equal(
    await relevant(when("authorizer.group('').resource('pods').check('get').allowed()")),
    true,
  )
})

t.test('a condition that fails follows the failurePolicy', async t => {
  t.equal(await relevant({ ...when('object.nope'), failurePolicy: 'Ignore' }), false)
  await t.rejects(relevant(when('object.nope')), {
    code: 403,
    message: /^things.shadow.example.com "one" is forbidden: expression 'object.nope' resulted/,
  })
  await t.rejects(relevant(when('object.nope'), attributesFor({ name: '' })), {
    message: /^things.shadow.example.com is forbidden: /,
  })
})
