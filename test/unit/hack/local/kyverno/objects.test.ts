import t from 'tap'
import { controllerName, kyvernoNames } from '#hack/local/kyverno/artefacts.ts'
import { kyvernoObjects } from '#hack/local/kyverno/objects.ts'
import type { Manifest } from '#hack/local/manifests.ts'

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] }
type Role = Manifest & { rules: Rule[] }
type Binding = Manifest & { roleRef: { name: string }; subjects: { name: string }[] }

const objects = kyvernoObjects()
const of = <T extends Manifest>(...kinds: string[]) =>
  objects.filter(({ kind }) => kinds.includes(kind)) as T[]
const rights = of<Role>('ClusterRole').flatMap(({ metadata, rules }) =>
  rules.map(rule => ({ role: metadata.name, ...rule })),
)

t.test('the namespace comes first, and every process has its account', async t => {
  t.equal(objects[0]?.kind, 'Namespace')
  t.strictSame(
    of('ServiceAccount').map(({ metadata }) => metadata.name),
    kyvernoNames.map(controllerName),
  )
})

t.test('every role is bound, and to these accounts only', async t => {
  const bindings = of<Binding>('ClusterRoleBinding', 'RoleBinding')
  for (const { metadata } of of('ClusterRole', 'Role'))
    t.ok(
      bindings.some(({ roleRef }) => roleRef.name === metadata.name),
      metadata.name,
    )
  for (const { subjects } of bindings)
    for (const { name } of subjects) t.ok(kyvernoNames.map(controllerName).includes(name))
})

t.test(
  'nobody reads Secrets everywhere, makes roles, or writes policies and exceptions',
  async t => {
    const writes = (rule: Rule) => rule.verbs.some(verb => !['get', 'list', 'watch'].includes(verb))
    t.notOk(
      rights.some(
        ({ apiGroups, resources }) =>
          apiGroups.includes('') && resources.some(name => ['secrets', '*'].includes(name)),
      ),
    )
    t.notOk(
      rights.some(rule => writes(rule) && rule.apiGroups.includes('rbac.authorization.k8s.io')),
    )
    const own = rights.filter(
      rule => writes(rule) && rule.apiGroups.includes('policies.kyverno.io'),
    )
    t.ok(own.length > 0)
    t.strictSame(
      own.flatMap(({ resources }) => resources).filter(name => !name.endsWith('/status')),
      [],
    )
  },
)

t.test('of Kradle they write nothing but what cleanup deletes', async t => {
  const writing = rights.filter(
    ({ apiGroups, verbs }) =>
      apiGroups.some(group => group.endsWith('kradle.a5c.ai')) &&
      verbs.some(verb => !['get', 'list', 'watch'].includes(verb)),
  )
  t.strictSame(writing, [
    {
      role: 'kyverno:cleanup',
      apiGroups: ['kradle.a5c.ai'],
      resources: ['kradleworkspaces'],
      verbs: ['delete'],
    },
  ])
})
