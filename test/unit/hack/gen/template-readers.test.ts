import t from 'tap'
import { templateReaders } from '#hack/gen/template-readers.ts'

t.test('reads templates of the platform, and nothing else', async t => {
  const [role, binding] = templateReaders()
  t.match(role, {
    kind: 'Role',
    metadata: { name: 'kradle-template-reader', namespace: 'kradle-system' },
    rules: [
      {
        apiGroups: ['kradle.a5c.ai'],
        resources: ['policytemplates'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  })
  t.match(binding, {
    kind: 'RoleBinding',
    metadata: { namespace: 'kradle-system' },
    roleRef: { kind: 'Role', name: role!.metadata.name },
    subjects: [{ kind: 'Group', name: 'system:authenticated' }],
  })
})
