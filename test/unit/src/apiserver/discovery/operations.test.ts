import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { metaTypes } from '#src/apiserver/discovery/meta-types.ts'
import { pathsOf, tagOf } from '#src/apiserver/discovery/operations.ts'
import { servedOf, servedReview } from '#src/apiserver/discovery/served.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

const [open, plain] = readDefinitions('test/fixtures/activity').map(servedOf)
const ROOT = '/apis/activity.kradle.a5c.ai/v1alpha1'
const PREFIX = 'ActivityKradleA5cAiV1alpha1'

const idsOf = (served: typeof open) =>
  Object.fromEntries(
    pathsOf(served!).map(({ path, operations }) => [
      path,
      operations.map(({ method, id }) => `${method} ${id}`),
    ]),
  )

t.test('lists what can be done with a resource in namespaces', async t => {
  const one = `${ROOT}/namespaces/{namespace}/plains/{name}`
  t.strictSame(idsOf(plain), {
    [`${ROOT}/plains`]: [`get list${PREFIX}PlainForAllNamespaces`],
    [`${ROOT}/namespaces/{namespace}/plains`]: [
      `get list${PREFIX}NamespacedPlain`,
      `post create${PREFIX}NamespacedPlain`,
      `delete delete${PREFIX}CollectionNamespacedPlain`,
    ],
    [one]: [
      `get read${PREFIX}NamespacedPlain`,
      `put replace${PREFIX}NamespacedPlain`,
      `delete delete${PREFIX}NamespacedPlain`,
      `patch patch${PREFIX}NamespacedPlain`,
    ],
    [`${one}/status`]: [
      `get read${PREFIX}NamespacedPlainStatus`,
      `put replace${PREFIX}NamespacedPlainStatus`,
      `patch patch${PREFIX}NamespacedPlainStatus`,
    ],
  })
})

t.test('lists what can be done with a resource of the cluster', async t => {
  t.strictSame(Object.keys(idsOf(open)), [
    `${ROOT}/opens`,
    `${ROOT}/opens/{name}`,
    `${ROOT}/opens/{name}/status`,
  ])
  t.strictSame(pathsOf(open!)[1]!.parameters, ['name', 'pretty-tJGM1-ng'])
})

t.test('a review is created, and where that is all the path takes what it takes', async t => {
  const [path, ...more] = pathsOf(servedReview(namingReview))
  t.strictSame(more, [])
  t.match(path, {
    path: `${ROOT}/namespaces/{namespace}/namingreviews`,
    parameters: [
      'dryRun',
      'fieldManager-Qy4HdaTW',
      'fieldValidation',
      'namespace-vgWSWtn3',
      'pretty-tJGM1-ng',
    ],
    operations: [{ method: 'post', parameters: [] }],
  })
})

t.test('describes itself in words', async t => {
  const describe = (kind: string) =>
    pathsOf({ ...plain!, kind: { ...plain!.kind, kind } }).flatMap(({ operations }) =>
      operations.map(({ description }) => description),
    )
  t.strictSame(describe('Plain'), [
    'list objects of kind Plain',
    'list objects of kind Plain',
    'create a Plain',
    'delete collection of Plain',
    'read the specified Plain',
    'replace the specified Plain',
    'delete a Plain',
    'partially update the specified Plain',
    'read status of the specified Plain',
    'replace status of the specified Plain',
    'partially update status of the specified Plain',
  ])
  t.ok(describe('Issue').includes('create an Issue'))
  t.ok(describe('Access').includes('create an Access'))
  t.ok(describe('Settings').includes('create Settings'))
  t.equal(tagOf(plain!), 'activityKradleA5cAi_v1alpha1')
})

t.test('every parameter that is named is there', async t => {
  const names = pathsOf(plain!).flatMap(path => [
    ...path.parameters,
    ...path.operations.flatMap(({ parameters }) => parameters),
  ])
  for (const name of new Set(names)) t.ok(name === 'name' || metaTypes.parameters[name], name)
  t.strictSame(
    names.filter(name => name.startsWith('body')),
    [],
  )
})
