import t from 'tap'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { askedOf, kyvernoFilesOf } from '#src/policy-test/kyverno-files.ts'
import { policyTestOf } from '#src/policy-test/document.ts'
import type { Suite } from '#src/policy-test/suite.ts'

const policy: Suite['policy'] = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'NamespacedValidatingPolicy',
  metadata: { name: 'kradle-acme-x', namespace: 'kradle-org-acme' },
  spec: {},
}
const suite = (spec: object, exceptions: Suite['exceptions'] = [], type = 'Validating'): Suite => ({
  template: {
    metadata: { name: 'titles' },
    spec: { kyverno: { type, spec: {} } },
  } as PolicyTemplate,
  test: policyTestOf({
    apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
    kind: 'PolicyTest',
    metadata: { name: 'x' },
    spec,
  }),
  policy,
  exceptions,
})
const read = (text = '') => text.split('---\n').map(each => JSON.parse(each) as unknown)

const pull = (name: string) => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name },
})
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }

t.test('asks about every object by its name, with the definitions of its kinds', async t => {
  const files = kyvernoFilesOf(
    suite({
      objects: [
        { result: 'pass', object: pull('a') },
        { result: 'fail', object: pull('b') },
        { result: 'skip', object: pod },
        { result: 'fail', object: pull('c'), oldObject: pull('c') },
      ],
    }),
  )
  t.match(read(files['kyverno-test.yaml']), [
    {
      kind: 'Test',
      metadata: { name: 'titles-x' },
      clusterResources: ['cluster.yaml'],
      exceptions: undefined,
      context: undefined,
      results: [
        {
          policy: 'kradle-org-acme/kradle-acme-x',
          isValidatingPolicy: true,
          kind: 'PullRequest',
          resources: ['kradle-org-acme/a'],
          result: 'pass',
        },
        { resources: ['kradle-org-acme/b'], result: 'fail' },
        { kind: 'Pod', resources: ['kradle-org-acme/p'], result: 'skip' },
      ],
    },
  ])
  t.strictSame(
    read(files['objects.yaml']).map(object => (object as typeof pod).metadata.name),
    ['a', 'b', 'p'],
    'what changes is nothing that it could be asked about',
  )
  t.match(read(files['cluster.yaml']), [
    {
      spec: {
        crds: ['pullrequests.yaml'],
        resources: [{ kind: 'Namespace', metadata: { name: 'kradle-org-acme' } }],
      },
    },
  ])
  t.match(read(files['pullrequests.yaml']), [
    {
      metadata: { name: 'pullrequests.activity.kradle.a5c.ai' },
      spec: { names: { kind: 'PullRequest' }, versions: [{ name: 'v1alpha1' }] },
    },
  ])
  t.match(read(files['policy.yaml']), [policy])
})

t.test('has exceptions where there are some', async t => {
  const exception = {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'PolicyException',
    metadata: { name: 'e' },
    spec: { policyRefs: [] },
  }
  const files = kyvernoFilesOf(suite({ objects: [{ result: 'pass', object: pod }] }, [exception]))
  t.match(read(files['kyverno-test.yaml']), [{ exceptions: ['exceptions.yaml'] }])
  t.match(read(files['exceptions.yaml']), [exception])
})

t.test('states data of images instead of a cluster', async t => {
  const files = kyvernoFilesOf(
    suite({ images: [{ image: 'node:24' }], objects: [{ result: 'pass', object: pod }] }),
  )
  t.match(read(files['kyverno-test.yaml']), [
    { context: 'images.yaml', clusterResources: undefined },
  ])
  t.match(read(files['images.yaml']), [
    { kind: 'Context', spec: { images: [{ image: 'node:24' }] } },
  ])
  t.notOk(files['cluster.yaml'])
})

t.test('calls what is deleted passed, as its command line does', async t => {
  const objects = [
    { result: 'deleted', object: pull('a') },
    { result: 'kept', object: pull('b') },
  ]
  const deleting = suite({ objects }, [], 'Deleting')
  t.match(read(kyvernoFilesOf(deleting)['kyverno-test.yaml']), [
    { results: [{ isDeletingPolicy: true, result: 'pass' }, { result: 'fail' }] },
  ])
  t.equal(askedOf(deleting).length, 2)
})
