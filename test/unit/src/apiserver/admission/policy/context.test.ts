import t from 'tap'
import { Context, VARIABLES, WITH_AUTHORIZER } from '#src/apiserver/admission/policy/context.ts'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { allows, attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const says = (context: Context, source: string, namespace?: object) =>
  compileDynamic(source, VARIABLES).evaluate(
    context.bindings(namespace as Parameters<Context['bindings']>[0]),
  )

t.test('what expressions may speak of', async t => {
  const context = new Context(attributesFor({ oldObject: thing({ spec: { a: 1 } }) }), allows)
  for (const source of [
    "object.metadata.name == 'one' && oldObject.spec.a == 1",
    "request.operation == 'CREATE' && request.userInfo.username == 'jane' && request.uid == ''",
    'namespaceObject == null && params == null',
  ])
    t.match(says(context, source), { value: true }, source)
})

t.test('namespaces without who manages and owns them', async t => {
  const context = new Context(attributesFor(), allows)
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'red', managedFields: [{}], ownerReferences: [] },
    status: { phase: 'Active' },
  }
  t.match(
    says(
      context,
      "namespaceObject.metadata.name == 'red' && !has(namespaceObject.metadata.managedFields) && !has(namespaceObject.metadata.ownerReferences) && namespaceObject.status.phase == 'Active' && namespaceObject.spec == {}",
      namespace,
    ),
    { value: true },
  )
  t.match(says(context, 'namespaceObject.status == {}', { metadata: {}, spec: {} }), {
    value: true,
  })
})

t.test('asks until everything is answered', async t => {
  const asked: string[] = []
  const context = new Context(attributesFor({ subresource: 'status' }), async (_, question) => {
    asked.push(question.verb)
    return { allowed: question.verb === 'get', reason: '' }
  })
  const expression = compileDynamic(
    "authorizer.group('').resource('pods').check('get').allowed() ? authorizer.requestResource.check('fly').allowed() : true",
    WITH_AUTHORIZER,
  )
  const bindings = context.authorized(context.bindings(undefined))
  t.match(await context.settled(() => expression.evaluate(bindings)), { value: false })
  t.same(asked, ['get', 'fly'])
})
