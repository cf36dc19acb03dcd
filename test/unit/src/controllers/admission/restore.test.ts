import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { kindOf, liveOf, policyKinds, restore } from '#src/controllers/admission/restore.ts'
import { cluster, now } from '#test/fixtures.ts'

const labels = { 'app.kubernetes.io/part-of': 'kradle' }
const wanted = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.g', labels },
  spec: { group: 'g', groupPriorityMinimum: 1000, caBundle: 'YQ==', service: { port: 1 } },
}
const live = (spec: object, metadata: object = {}): KubernetesObject & { spec: object } => ({
  ...wanted,
  metadata: { name: 'v1.g', labels, resourceVersion: '7', ...metadata },
  spec: { ...wanted.spec, ...spec },
})
const secret = (seconds: number) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 's',
    namespace: 'kradle-system',
    creationTimestamp: new Date(now.getTime() - seconds * 1000).toISOString(),
  },
})
const restored = (...objects: KubernetesObject[]) => restore(wanted, 's', cluster(...objects))

t.test('makes what is missing, and says so unless everything is new', async t => {
  t.strictSame(restored(), { apply: [wanted], effects: [] })
  t.strictSame(restored(secret(1)), { apply: [wanted], effects: [] })
  t.match(restored(secret(60)), {
    apply: [wanted],
    effects: [{ type: 'report-drift', key: 'APIService/v1.g/missing', what: 'it was missing' }],
  })
})

t.test('leaves alone what is as it should be', async t => {
  t.strictSame(restored(live({})), {})
})

t.test('puts back what somebody changed, and says where', async t => {
  const plan = restored(
    live({ groupPriorityMinimum: 1, insecureSkipTLSVerify: true }, { uid: 'u' }),
  )
  t.match(plan, {
    replace: [{ metadata: { uid: 'u', resourceVersion: '7' }, spec: wanted.spec }],
    effects: [
      { kind: 'APIService', name: 'v1.g', what: 'it was changed at spec.groupPriorityMinimum' },
    ],
  })
})

t.test('writes a new authority or address without a word', async t => {
  for (const spec of [{ caBundle: 'Yg==' }, { service: { port: 2 } }])
    t.match(restored(live(spec)), { replace: [{ spec: wanted.spec }], effects: [] })
})

t.test('puts back the label by which everything of ours is found', async t => {
  t.match(restored(live({}, { labels: { team: 'x' } })), {
    replace: [{ metadata: { labels: { ...labels, team: 'x' } } }],
    effects: [],
  })
})

t.test(
  'takes away the request that somebody else write its bundle, and leaves other notes',
  async t => {
    const annotations = { note: 'x', 'cert-manager.io/inject-ca-from': 'a/b' }
    t.match(restored(live({}, { annotations })), {
      replace: [{ metadata: { labels, annotations: { note: 'x' } } }],
      effects: [],
    })
    t.strictSame(restore(wanted, 's', cluster(live({}, { annotations })), false), {})
  },
)

t.test('knows the kinds it keeps, and finds them where they are', async t => {
  for (const kind of policyKinds) t.equal(kindOf({ ...wanted, kind: kind.kind }), kind)
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'x', namespace: 'kradle-system' },
  }
  t.equal(liveOf(service, cluster(service)), service)
  t.equal(liveOf(service, cluster()), undefined)
})
