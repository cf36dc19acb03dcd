import t from 'tap'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import { declaredKind } from '#src/lib/permission.ts'

const controller = {
  name: 'identity',
  writes: [
    { kind: Namespace, verbs: ['create', 'patch'] },
    { kind: Secret, verbs: ['patch'], namespace: 'kradle-system', resourceNames: ['one'] },
  ],
} as const
const secret = { apiVersion: 'v1', kind: 'Secret', name: 'one', namespace: 'kradle-system' }

t.test('gives the kind of what is declared', async t => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'a' }
  t.equal(declaredKind(controller, 'patch', namespace), Namespace)
  t.equal(declaredKind(controller, 'patch', secret), Secret)
  t.throws(() => declaredKind(controller, 'delete', namespace), {
    code: 'UndeclaredWrite',
    message: 'controller identity does not declare delete on Namespace a',
  })
})

t.test('refuses anything else', async t => {
  for (const other of [
    { namespace: 'elsewhere' },
    { name: 'two' },
    { kind: 'ConfigMap' },
    { apiVersion: 'v2' },
  ])
    t.throws(() => declaredKind(controller, 'patch', { ...secret, ...other }), {
      code: 'UndeclaredWrite',
    })
})
