import t from 'tap'
import type { PolicyRule, RoleBinding, Subject } from '#src/api/rbac/v1.ts'
import { roleBeyond, rulesBeyond, subjectsBeyond } from '#src/controllers/grants/excess.ts'

const rule = (resources: string[], verbs: string[], resourceNames?: string[]): PolicyRule => ({
  apiGroups: [''],
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
})

t.test('names what a role permits too much', async t => {
  const wanted = [rule(['pods'], ['get', 'list']), rule(['secrets'], ['get'], ['one'])]
  t.strictSame(rulesBeyond(wanted, []), [])
  t.strictSame(rulesBeyond(wanted, wanted), [])
  t.strictSame(rulesBeyond(wanted, [rule(['pods'], ['list']), rule(['pods'], ['get'], ['a'])]), [])
  t.strictSame(
    rulesBeyond(wanted, [
      rule(['pods', 'pods/exec'], ['get', 'create']),
      rule(['pods'], ['create']),
      rule(['secrets'], ['get'], ['one', 'two']),
      rule(['*'], ['*']),
    ]),
    ['create pods', 'get pods/exec', 'create pods/exec', 'get secrets "two"', '* *'],
  )
  t.strictSame(rulesBeyond(wanted, [rule(['secrets'], ['get'])]), ['get secrets'])
})

const binding = (name: string, ...subjects: Subject[]): RoleBinding => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'x' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
  ...(subjects.length > 0 && { subjects }),
})
const account: Subject = { kind: 'ServiceAccount', name: 'repairer', namespace: 'kradle-org-acme' }

t.test('names whom a binding binds too much, and another role', async t => {
  const wanted = binding('a', account)
  t.strictSame(subjectsBeyond(wanted, wanted), [])
  t.strictSame(subjectsBeyond(wanted, binding('a')), [])
  t.strictSame(subjectsBeyond(binding('a'), wanted), ['subject ServiceAccount "repairer"'])
  t.strictSame(
    subjectsBeyond(
      wanted,
      binding('a', account, { ...account, namespace: 'default' }, { kind: 'User', name: 'eve' }),
    ),
    ['subject ServiceAccount "repairer"', 'subject User "eve"'],
  )
  t.strictSame(roleBeyond(wanted, wanted), [])
  t.strictSame(roleBeyond(wanted, binding('b')), ['role Role "b"'])
  const cluster = binding('a')
  t.strictSame(
    roleBeyond(wanted, { ...cluster, roleRef: { ...cluster.roleRef, kind: 'ClusterRole' } }),
    ['role ClusterRole "a"'],
  )
})
