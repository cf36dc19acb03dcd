import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { consumerOf, type Consumer } from '#src/permissions/consumer.ts'
import { grantManifest, roleBindingManifest, type Wanted } from '#src/permissions/manifest.ts'
import { cluster } from '#test/fixtures.ts'
import { namespace, podAt, podSpec, runMetadata } from '#test/fixtures-grants.ts'

const agent = consumerOf(podAt(), namespace, cluster())
const person = consumerOf(podAt({}, {}), namespace, cluster())
const wanted: Wanted = {
  source: 'secret',
  name: 'model',
  keys: ['token'],
  way: 'env',
  purpose: 'model-provider',
}
const made = (change: Partial<Wanted> = {}, consumer: Consumer = agent) => {
  const text = grantManifest({ ...wanted, ...change }, consumer)
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

t.test('asks for no more than what is used', async t => {
  t.strictSame(made(), {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentSecretGrant',
    metadata: { name: 'repairer-account-model-token-yysyl2', namespace },
    spec: {
      organizationRef: 'acme',
      subject: { kind: 'agent-stack', name: 'repairer' },
      serviceAccountRef: 'repairer-account',
      secretRef: { name: 'model', keys: ['token'] },
      purpose: 'model-provider',
      allowedRepositories: ['app'],
      mountPolicy: 'env',
      requiredApproval: 'never',
    },
  })
})

t.test('a ConfigMap is asked for with its own kind', async t => {
  t.match(made({ source: 'configmap', way: 'file' }), {
    kind: 'AgentConfigGrant',
    spec: { configMapRef: { name: 'model', keys: ['token'] }, mountPolicy: 'file' },
  })
})

t.test('a person asks for the account, and states no purpose', async t => {
  const grant = made({ purpose: undefined }, person)
  t.match(grant, {
    spec: {
      subject: { kind: 'runner', name: 'default' },
      serviceAccountRef: 'default',
      purpose: 'workload',
    },
  })
  t.notMatch(grant, { spec: { allowedRepositories: [] } })
})

t.test('an agent of no stack asks by its account', async t => {
  const noStack = { ...agent, facts: { ...agent.facts, stack: undefined, repository: undefined } }
  t.match(made({}, noStack), {
    spec: { subject: { kind: 'agent-stack', name: 'repairer-account' } },
  })
})

t.test('untrusted work asks to be approved', async t => {
  const untrusted = runMetadata({ labels: { 'kradle.a5c.ai/trust-tier': 'untrusted' } })
  const consumer = consumerOf(podAt(podSpec(), untrusted), namespace, cluster())
  t.match(made({}, consumer), { spec: { requiredApproval: 'on-untrusted-ref' } })
})

t.test('ways that mountPolicy has no word for are left open', async t => {
  for (const way of ['pull', 'driver', undefined] as const)
    t.notOk((made({ way }) as { spec: object }).spec.hasOwnProperty('mountPolicy'))
})

t.test('the name is the same for the same, and another for anything else', async t => {
  const name = (change: Partial<Wanted> = {}) =>
    (made(change) as { metadata: { name: string } }).metadata.name
  t.equal(name(), name())
  const others = [
    {},
    { keys: ['to.ken'] },
    { keys: ['to_ken'] },
    { keys: ['to', 'ken'] },
    { way: 'file' },
    { source: 'configmap' },
    { name: 'model-token', keys: ['x'.repeat(253)] },
    { name: 'model-token', keys: ['y'.repeat(253)] },
  ] as const
  const names = others.map(name)
  t.equal(new Set(names).size, others.length)
  for (const each of names) t.match(each, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
  t.equal(name({ grantName: 'mine' }), 'mine')
})

t.test(
  'nothing is written that the definition refuses, or a shell would take for its own',
  async t => {
    const evil = "x'; reboot; '"
    t.equal(made({ name: evil }), undefined)
    t.equal(made({ name: 'x'.repeat(254) }), undefined)
    t.equal(made({ name: 'x.' }), undefined)
    t.equal(made({ keys: [evil] }), undefined)
    t.equal(made({ keys: ['x'.repeat(254)] }), undefined)
    t.equal(made({ purpose: evil }), undefined)
    t.equal(made({ purpose: 'x-' }), undefined)
    t.equal(made({ purpose: 'x'.repeat(64) }), undefined)
    t.equal(made({ grantName: evil }), undefined)
    t.equal(made({}, { ...agent, account: 'a.b' }), undefined)
    t.equal(made({}, { ...agent, namespace: 'default' }), undefined)
    t.equal(made({}, { ...agent, namespace: `kradle-org-${evil}` }), undefined)
    t.equal(made({}, { ...agent, facts: { ...agent.facts, stack: evil } }), undefined)
    t.equal(made({}, { ...agent, facts: { ...agent.facts, repository: evil } }), undefined)
  },
)

t.test('a role binding has the least role', async t => {
  t.strictSame(JSON.parse(roleBindingManifest('reads', 'repairer-account', namespace)!), {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentRoleBinding',
    metadata: { name: 'reads', namespace },
    spec: {
      organizationRef: 'acme',
      subject: { kind: 'agent-service-account', name: 'repairer-account' },
      roleRef: { kind: 'RoleTemplate', name: 'readonly' },
      scope: { kind: 'organization' },
    },
  })
  t.equal(roleBindingManifest('reads', 'a.b', namespace), undefined)
  t.equal(roleBindingManifest('reads', 'a', 'default'), undefined)
})

t.test('the patterns are those of the definition', async t => {
  const definition = parse(readFileSync('crds/identity/agentsecretgrants.yaml', 'utf8'))
  const { spec } = definition.spec.versions[0].schema.openAPIV3Schema.properties
  const { serviceAccountRef, secretRef, purpose, subject } = spec.properties
  const { name, keys } = secretRef.properties
  const samples = [
    'a',
    'a-b',
    'a.b',
    'A',
    '-a',
    'a-',
    'a.',
    '.a',
    'a_b',
    'a:b',
    'a b',
    "a'b",
    'a\n',
  ]
  const fits = ({ pattern }: { pattern: string }) =>
    samples.filter(sample => new RegExp(pattern).test(sample))
  const made1 = (change: (sample: string) => unknown) =>
    samples.filter(sample => change(sample) !== undefined)
  t.strictSame(
    made1(sample => made({ name: sample })),
    fits(name),
  )
  t.strictSame(
    made1(sample => made({ keys: [sample] })),
    fits(keys.items),
  )
  t.strictSame(
    made1(sample => made({ purpose: sample })),
    fits(purpose),
  )
  t.strictSame(
    made1(sample => made({}, { ...agent, account: sample })),
    fits(serviceAccountRef),
  )
  const ofStack = (stack: string) => made({}, { ...agent, facts: { ...agent.facts, stack } })
  t.ok(made1(ofStack).every(sample => fits(subject.properties.name).includes(sample)))
})
