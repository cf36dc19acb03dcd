import t from 'tap'
import { isKept, isOurs, type Found } from '#hack/kind/left.ts'

const found = (
  kind: string,
  name: string,
  more: Partial<Found['metadata']> = {},
  apiVersion = 'v1',
): Found => ({
  apiVersion,
  kind,
  metadata: { name, ...more },
})
const waited = { finalizers: ['kradle.a5c.ai/organization'] }

for (const [what, want] of [
  [found('ClusterRole', 'kradle-webhook'), true],
  [found('APIService', 'v1alpha1.activity.kradle.a5c.ai'), true],
  [found('ConfigMap', 'x', { labels: { 'app.kubernetes.io/part-of': 'kradle' } }), true],
  [found('RoleBinding', 'x', { labels: { 'app.kubernetes.io/managed-by': 'kradle' } }), true],
  [found('Namespace', 'x', waited), true],
  [found('ClusterRole', 'view'), false],
  [found('CSINode', 'kradle-test-worker'), false],
  [found('Lease', 'kradle-test-worker', { namespace: 'kube-node-lease' }), false],
] as const)
  t.equal(isOurs(what), want, what.metadata.name)

const system = { namespace: 'kradle-system' }
for (const [what, want] of [
  [found('CustomResourceDefinition', 'teams.kradle.a5c.ai'), true],
  [found('Namespace', 'kradle-org-acme'), true],
  [found('Namespace', 'kradle-org-acme', waited), false],
  [found('RoleBinding', 'x', { namespace: 'kradle-org-acme' }), true],
  [found('ClusterRole', 'kradle-webhook'), false],
  [found('PersistentVolumeClaim', 'data-postgresql-0', system), true],
  [found('Secret', 'kradle-postgresql', system), true],
  [
    found('APIService', 'v1alpha1.kradle.a5c.ai', {
      labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' },
    }),
    true,
  ],
  [found('APIService', 'v1alpha1.activity.kradle.a5c.ai'), false],
  [found('Secret', 'kradle-webhook-tls', system), false],
  [found('ConfigMap', 'kube-root-ca.crt', system), true],
  [found('Organization', 'acme', system, 'kradle.a5c.ai/v1alpha1'), true],
  [{ kind: 'Lease', metadata: { name: 'x', ...system } } as Found, false],
] as const)
  t.equal(isKept(what), want, `${what.kind} ${what.metadata.name}`)
