import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import {
  byGroupVersion,
  servedOf,
  servedReview,
  storageVersionHash,
} from '#src/apiserver/discovery/served.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

const [open, plain] = readDefinitions('test/fixtures/activity').map(servedOf)

t.test('what is kept can be done everything with', async t => {
  t.match(open, {
    listKind: 'OpenList',
    verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    statusVerbs: ['get', 'patch', 'update'],
  })
})

t.test('a review is created', async t => {
  t.match(servedReview(namingReview), {
    listKind: undefined,
    verbs: ['create'],
    statusVerbs: undefined,
    shortNames: [],
    categories: [],
    selectableFields: [],
  })
  const named = servedReview({ ...namingReview, shortNames: ['nr'], categories: ['kradle'] })
  t.match(named, { shortNames: ['nr'], categories: ['kradle'] })
})

t.test('a kind has the hash that kube-apiserver gives it', async t => {
  // As seen in Kubernetes 1.36.
  const kind = { group: 'activity.shadow.example.com', version: 'v1alpha1', kind: 'Plain' }
  t.equal(storageVersionHash({ ...kind, plural: 'plains', namespaced: true }), 'wtOi78Dk3ok=')
})

t.test('resources go by group and version, in order', async t => {
  const other = { ...open!, kind: { ...open!.kind, version: 'v1' } }
  const groups = byGroupVersion([plain!, other, open!])
  t.strictSame(
    [...groups].map(([name, served]) => [name, served.map(({ kind }) => kind.plural)]),
    [
      ['activity.kradle.a5c.ai/v1', ['opens']],
      ['activity.kradle.a5c.ai/v1alpha1', ['opens', 'plains']],
    ],
  )
})
