import t from 'tap'
import { Namespace } from '#src/api/core/v1.ts'
import { subjectOf } from '#src/policy/circumstances.ts'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { namespace } from '#test/fixtures-policy.ts'
import { objectOf, tenant } from '#test/fixtures.ts'

const pullRequest = {
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name: 'pr-1', namespace },
  spec: { title: 'x' },
}
const says = (source: string, ...args: Parameters<typeof subjectOf>) =>
  compileDynamic(source, ['object', 'oldObject', 'request', 'namespaceObject']).evaluate(
    subjectOf(...args)!.bindings,
  )

t.test('is created, as the background scan has it', async t => {
  for (const source of [
    "object.spec.title == 'x' && oldObject == {} && namespaceObject == null",
    "request.operation == 'CREATE' && request.name == 'pr-1' && request.namespace == 'kradle-org-acme'",
    "request.kind.kind == 'PullRequest' && request.resource.resource == 'pullrequests' && request.userInfo == {}",
    'request.object == object && request.oldObject == null && !request.dryRun',
  ])
    t.match(says(source, pullRequest, {}), { value: true }, source)
})

t.test('or changed, or deleted, by somebody', async t => {
  const oldObject = { ...pullRequest, spec: {} }
  t.match(
    says("oldObject.spec == {} && request.operation == 'UPDATE'", pullRequest, {
      operation: 'UPDATE',
      oldObject,
    }),
    { value: true },
  )
  t.match(
    says('object == {} && oldObject.spec.title == "x" && request.object == null', pullRequest, {
      operation: 'DELETE',
    }),
    { value: true },
  )
  t.match(
    says(
      'request.userInfo.username == "jane" && namespaceObject.metadata.name == request.namespace',
      pullRequest,
      {
        userInfo: { username: 'jane' },
        namespace: tenant(),
      },
    ),
    { value: true },
  )
})

t.test('may have no name yet', async t => {
  const { name: _, ...metadata } = pullRequest.metadata
  t.match(says('!has(request.name)', { ...pullRequest, metadata: { ...metadata, name: '' } }, {}), {
    value: true,
  })
})

t.test('is of a kind that policies judge', async t => {
  t.equal(subjectOf({ ...pullRequest, apiVersion: 'v1' }, {}), undefined)
  t.equal(subjectOf({ ...objectOf(Namespace, { metadata: { name: 'x' } }) }, {}), undefined)
  t.match(subjectOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, {}), {
    namespace: '',
  })
})
