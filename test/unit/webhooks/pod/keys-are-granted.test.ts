import t from 'tap'
import { Deployment } from '#src/api/apps/v1.ts'
import { CronJob } from '#src/api/batch/v1.ts'
import { Pod, PodTemplate } from '#src/api/core/v1.ts'
import type { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import {
  account,
  container,
  namespace,
  pod,
  podSpec,
  runMetadata,
  secretGrant,
  secretVariable,
  stack,
} from '#test/fixtures-grants.ts'
import type { Denial } from '#webhooks/rule.ts'
import rule from '#webhooks/pod/keys-are-granted.ts'

const identities = [account(), stack()]
const granted = cluster(...identities, secretGrant())
const none = cluster(...identities)
const template = (spec = podSpec()) => ({ metadata: runMetadata(), spec })
const deployment = (spec: object = {}) =>
  objectOf(Deployment, {
    metadata: { name: 'work', namespace },
    spec: { template: template(), ...spec },
  })
const create = request('CREATE', Pod, pod())

t.test('allows a Pod whose keys are granted', async t => {
  t.strictSame(rule.decide(create, granted), [])
})

t.test('denies a key that is not, with a grant to ask for that is enough', async t => {
  const findings = rule.decide(create, none) as Denial[]
  t.match(findings, [
    {
      type: 'deny',
      rule: 'R51',
      field: 'spec.containers[0].env[0].valueFrom.secretKeyRef',
      value: 'model/token',
      problem:
        'is a key of a Secret that cannot be used here: no AgentSecretGrant gives this key to agents under account "repairer-account" for stack "repairer"',
      fix: /^ask for a grant: echo '\{.*\}' \| kubectl apply -f -$/,
    },
  ])
  const json = /'(.*)'/.exec(findings[0]!.fix)![1]!
  const grant = JSON.parse(json) as AgentSecretGrant
  t.strictSame(rule.decide(create, cluster(...identities, grant)), [])
})

t.test('judges what templates will make, and says where it stands', async t => {
  const field = (path: string) => [{ field: `${path}.containers[0].env[0].valueFrom.secretKeyRef` }]
  const metadata = { name: 'work', namespace }
  const cron = objectOf(CronJob, {
    metadata,
    spec: { jobTemplate: { spec: { template: template() } } },
  })
  const plain = objectOf(PodTemplate, { metadata, template: template() })
  t.match(
    rule.decide(request('CREATE', Deployment, deployment()), none),
    field('spec.template.spec'),
  )
  t.match(
    rule.decide(request('CREATE', CronJob, cron), none),
    field('spec.jobTemplate.spec.template.spec'),
  )
  t.match(rule.decide(request('CREATE', PodTemplate, plain), none), field('template.spec'))
  t.strictSame(rule.decide(request('CREATE', PodTemplate, plain), granted), [])
})

t.test('a template that did not change can still be scaled', async t => {
  const scaled = request('UPDATE', Deployment, deployment({ replicas: 0 }), deployment())
  t.strictSame(rule.decide(scaled, none), [])
  const other = { ...template(), metadata: runMetadata({ labels: { app: 'x' } }) }
  const relabelled = request('UPDATE', Deployment, deployment({ template: other }), deployment())
  t.equal(rule.decide(relabelled, none).length, 1)
})

t.test('an ephemeral container gets no key either', async t => {
  const ephemeralContainers = [container({ env: [secretVariable('model', 'other')] })]
  const attached = pod(podSpec({ ephemeralContainers }))
  const update = { ...request('UPDATE', Pod, attached, pod()), subresource: 'ephemeralcontainers' }
  t.match(rule.decide(update, granted), [
    { field: 'spec.ephemeralContainers[0].env[0].valueFrom.secretKeyRef', value: 'model/other' },
  ])
  t.ok(rule.subresources.includes('ephemeralcontainers'))
})

t.test('names a Secret or ConfigMap that is taken whole', async t => {
  const envFrom = [{ secretRef: { name: 'model' } }, { configMapRef: { name: 'skill' } }]
  const whole = request('CREATE', Pod, pod(podSpec({ containers: [container({ envFrom })] })))
  t.match(rule.decide(whole, granted), [
    { rule: 'R53', value: 'model', problem: /^is a whole Secret/, fix: /granted are: token/ },
    { rule: 'R53', value: 'skill', problem: /^is a whole ConfigMap/ },
  ])
})

t.test('has nothing to paste where a name fits no grant', async t => {
  const env = [secretVariable("x'; reboot; '", 'token')]
  const odd = request('CREATE', Pod, pod(podSpec({ containers: [container({ env })] })))
  t.match(rule.decide(odd, none), [{ fix: 'ask for a grant' }])
})

t.test('says twenty refusals, and how many more there are', async t => {
  const env = Array.from({ length: 25 }, (_, index) => secretVariable('model', `k${index}`))
  const many = (count: number) =>
    rule.decide(
      request(
        'CREATE',
        Pod,
        pod(podSpec({ containers: [container({ env: env.slice(0, count) })] })),
      ),
      none,
    )
  t.equal(many(20).length, 20)
  t.equal(many(25).length, 21)
  t.match(many(25).at(-1), { field: 'spec', problem: '5 more of its references are refused' })
})

t.test('has no opinion outside of the namespaces of organisations', async t => {
  const elsewhere = { ...pod(), metadata: { ...pod().metadata, namespace: 'kube-system' } }
  const foreign = request('CREATE', Pod, elsewhere)
  t.strictSame(rule.decide(foreign, none), [])
  t.strictSame(rule.lookups(foreign), [])
})

t.test('refuses more references than there may be before it judges any', async t => {
  const env = Array.from({ length: 513 }, () => secretVariable())
  const many = (count: number) =>
    request('CREATE', Pod, pod(podSpec({ containers: [container({ env: env.slice(0, count) })] })))
  t.strictSame(rule.decide(many(512), granted), [])
  t.strictSame(rule.decide(many(513), granted), [
    {
      type: 'deny',
      rule: 'R51',
      field: 'spec',
      value: undefined,
      problem: 'holds more than 512 references to Secrets and ConfigMaps',
      fix: 'use fewer',
    },
  ])
})

t.test('a stack that is not there gets no Secret', async t => {
  t.match(rule.decide(create, cluster(account(), secretGrant())), [
    { rule: 'R64', problem: /stack "repairer" does not exist/, fix: /^create the AgentStack/ },
  ])
})

t.test(
  'asks for account and stack where the watch does not know them, never for default',
  async t => {
    const missed = { namespace, fresh: 'on-miss' }
    t.match(rule.lookups(create), [
      { kind: { kind: 'AgentServiceAccount' }, name: 'repairer-account', ...missed },
      { kind: { kind: 'AgentStack' }, name: 'repairer', ...missed },
    ])
    t.strictSame(rule.lookups(request('CREATE', Pod, pod({}, {}))), [])
  },
)
