import fc from 'fast-check'
import t from 'tap'
import {
  accountOf,
  isSamePod,
  podCarryingKinds,
  podIn,
  type PodAt,
} from '#src/permissions/pod-template.ts'

const pod = { metadata: { labels: { a: 'b' } }, spec: { containers: [] } }
const cases = {
  pods: { group: '', object: pod, path: 'spec' },
  deployments: { group: 'apps', object: { spec: { template: pod } }, path: 'spec.template.spec' },
  statefulsets: { group: 'apps', object: { spec: { template: pod } }, path: 'spec.template.spec' },
  daemonsets: { group: 'apps', object: { spec: { template: pod } }, path: 'spec.template.spec' },
  replicasets: { group: 'apps', object: { spec: { template: pod } }, path: 'spec.template.spec' },
  jobs: { group: 'batch', object: { spec: { template: pod } }, path: 'spec.template.spec' },
  replicationcontrollers: {
    group: '',
    object: { spec: { template: pod } },
    path: 'spec.template.spec',
  },
  cronjobs: {
    group: 'batch',
    object: { spec: { jobTemplate: { spec: { template: pod } } } },
    path: 'spec.jobTemplate.spec.template.spec',
  },
  podtemplates: { group: '', object: { template: pod }, path: 'template.spec' },
}

for (const [resource, { group, object, path }] of Object.entries(cases))
  t.test(`finds the Pod in ${resource}`, async t => {
    t.strictSame(podIn({ group, resource }, object), { ...pod, path })
  })

t.test('knows no other kind', async t => {
  t.strictSame(
    podCarryingKinds.map(({ plural }) => plural).toSorted(),
    Object.keys(cases).toSorted(),
  )
})

t.test('takes anything else for a Pod', async t => {
  t.strictSame(podIn({ group: 'apps', resource: 'pods' }, pod), { ...pod, path: 'spec' })
})

t.test('never throws, and finds nothing where nothing is', async () => {
  fc.assert(
    fc.property(fc.constantFrom(...podCarryingKinds), fc.jsonValue(), (kind, object) => {
      const { metadata, spec } = podIn({ group: kind.group, resource: kind.plural }, object)
      return typeof metadata === 'object' && typeof spec === 'object'
    }),
    { numRuns: 1000, seed: 20261121 },
  )
})

t.test('the account is the one that is named, by its old name too, or default', async t => {
  t.equal(accountOf({ serviceAccountName: 'a', serviceAccount: 'b' }), 'a')
  t.equal(accountOf({ serviceAccountName: '', serviceAccount: 'b' }), 'b')
  t.equal(accountOf({}), 'default')
  t.equal(accountOf(null), 'default')
})

t.test('a Pod is the same while spec, labels and annotations are', async t => {
  const at = (metadata: object, spec: object): PodAt => podIn(pods, { metadata, spec })
  const pods = { group: '', resource: 'pods' }
  const one = at({ labels: { a: '1' }, resourceVersion: '1' }, { x: 1 })
  t.equal(isSamePod(one, at({ labels: { a: '1' }, resourceVersion: '2' }, { x: 1 })), true)
  t.equal(isSamePod(one, at({ labels: { a: '2' } }, { x: 1 })), false)
  t.equal(isSamePod(one, at({ labels: { a: '1' } }, { x: 2 })), false)
  t.equal(isSamePod(one, at({ labels: { a: '1' }, annotations: { b: '' } }, { x: 1 })), false)
})
