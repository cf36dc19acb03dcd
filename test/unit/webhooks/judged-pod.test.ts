import t from 'tap'
import { Deployment } from '#src/api/apps/v1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { objectOf, request } from '#test/fixtures.ts'
import { namespace, pod, podAt, podSpec, runMetadata } from '#test/fixtures-grants.ts'
import { accountReads, judgedPod, stackReads } from '#webhooks/judged-pod.ts'

const deployment = (replicas: number, spec = podSpec(), home = namespace) =>
  objectOf(Deployment, {
    metadata: { name: 'work', namespace: home },
    spec: { replicas, template: { metadata: runMetadata(), spec } },
  })

t.test('a Pod is judged, and what will make one', async t => {
  t.match(judgedPod(request('CREATE', Pod, pod())), { path: 'spec', spec: podSpec() })
  t.match(judgedPod(request('CREATE', Deployment, deployment(1))), { path: 'spec.template.spec' })
})

t.test('again when it changes, and only then', async t => {
  const update = (spec: Record<string, unknown>) =>
    judgedPod(request('UPDATE', Deployment, deployment(2, spec), deployment(1)))
  t.equal(update(podSpec()), undefined)
  t.match(update(podSpec({ hostNetwork: true })), { spec: { hostNetwork: true } })
})

t.test('nothing is judged outside of the namespaces of organisations', async t => {
  const elsewhere = deployment(1, podSpec(), 'kube-system')
  t.equal(judgedPod(request('CREATE', Deployment, elsewhere)), undefined)
})

t.test('the claim on an account is asked for where the watch does not know it', async t => {
  t.match(accountReads(podAt(), namespace), [
    {
      kind: { kind: 'AgentServiceAccount' },
      name: 'repairer-account',
      namespace,
      fresh: 'on-miss',
    },
  ])
  t.strictSame(accountReads(podAt({}), namespace), [])
})

t.test('so is the stack that a Pod states', async t => {
  t.match(stackReads(podAt(), namespace), [
    { kind: { kind: 'AgentStack' }, name: 'repairer', namespace, fresh: 'on-miss' },
  ])
  t.strictSame(stackReads(podAt(podSpec(), {}), namespace), [])
})
