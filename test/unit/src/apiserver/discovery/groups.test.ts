import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { groupDiscoveryList, groupOf, resourceListOf } from '#src/apiserver/discovery/groups.ts'
import { servedOf, servedReview } from '#src/apiserver/discovery/served.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

const [open, plain] = readDefinitions('test/fixtures/activity').map(servedOf)
const review = servedReview(namingReview)
const VERSION = 'activity.kradle.a5c.ai/v1alpha1'

t.test('lists resources with their status', async t => {
  const { resources, ...rest } = resourceListOf(VERSION, [open!, plain!, review])
  t.strictSame(rest, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: VERSION })
  t.strictSame(
    resources.map(({ name }) => name),
    ['opens', 'opens/status', 'plains', 'plains/status', 'namingreviews'],
  )
  t.match(resources[0], { namespaced: false, shortNames: ['op'], storageVersionHash: String })
  t.strictSame(resources[3], {
    name: 'plains/status',
    singularName: '',
    namespaced: true,
    kind: 'Plain',
    verbs: ['get', 'patch', 'update'],
  })
  t.strictSame(resources[4], {
    name: 'namingreviews',
    singularName: 'namingreview',
    namespaced: true,
    kind: 'NamingReview',
    verbs: ['create'],
  })
})

t.test('a group prefers its first version', async t => {
  t.strictSame(groupOf('a.b', ['a.b/v1', 'a.b/v1beta1']), {
    name: 'a.b',
    versions: [
      { groupVersion: 'a.b/v1', version: 'v1' },
      { groupVersion: 'a.b/v1beta1', version: 'v1beta1' },
    ],
    preferredVersion: { groupVersion: 'a.b/v1', version: 'v1' },
  })
})

t.test('everything at once has the status within the resource', async t => {
  const versions = new Map([[VERSION, [open!, review]]])
  const list = groupDiscoveryList([['activity.kradle.a5c.ai', versions]], 'v2')
  const responseKind = { group: 'activity.kradle.a5c.ai', version: 'v1alpha1', kind: 'Open' }
  t.strictSame(list, {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: [
      {
        metadata: { name: 'activity.kradle.a5c.ai' },
        versions: [
          {
            version: 'v1alpha1',
            resources: [
              {
                resource: 'opens',
                responseKind,
                scope: 'Cluster',
                singularResource: 'open',
                verbs: open!.verbs,
                shortNames: ['op'],
                categories: ['kradle', 'activity'],
                subresources: [
                  { subresource: 'status', responseKind, verbs: ['get', 'patch', 'update'] },
                ],
              },
              {
                resource: 'namingreviews',
                responseKind: { ...responseKind, kind: 'NamingReview' },
                scope: 'Namespaced',
                singularResource: 'namingreview',
                verbs: ['create'],
              },
            ],
            freshness: 'Current',
          },
        ],
      },
    ],
  })
})
