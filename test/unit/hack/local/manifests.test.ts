import t from 'tap'
import { documents, readManifests } from '#hack/local/manifests.ts'

const yaml = (...kinds: string[]) =>
  kinds.map(kind => `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n`).join('')

t.test('definitions, accounts and policies are read; webhook configurations are not', async t => {
  const repository = t.testdir({
    crds: { identity: { 'teams.yaml': yaml('CustomResourceDefinition', 'Example') } },
    charts: {
      kradle: {
        files: {
          'personas.yaml': yaml('Persona'),
          'rbac.yaml': yaml('ServiceAccount', 'ClusterRole'),
          'webhooks.yaml': yaml('Webhook'),
        },
        admission: { 'b.yaml': yaml('Second'), 'a.yaml': yaml('First') },
      },
    },
  })
  const kinds = Object.entries(readManifests(repository)).map(([name, list]) => [
    name,
    list.map(({ kind }) => kind),
  ])
  t.same(Object.fromEntries(kinds), {
    crds: ['CustomResourceDefinition'],
    rbac: ['Persona', 'ServiceAccount', 'ClusterRole'],
    policies: ['First', 'Second'],
  })
})

t.same(
  readManifests(t.testdir({})),
  { crds: [], rbac: [], policies: [] },
  'what is not there is not installed',
)
t.same(documents('---\n---\n', 'empty.yaml'), [])
t.throws(() => documents('a: [', 'broken.yaml'), { message: /^broken\.yaml: / })
