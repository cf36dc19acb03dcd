import fc from 'fast-check'
import t from 'tap'
import { consumerOf, type Consumer } from '#src/permissions/consumer.ts'
import {
  grantKindOf,
  isOn,
  isStale,
  judge,
  serves,
  targetOf,
  type Grant,
  type Snapshot,
  type Use,
} from '#src/permissions/grants.ts'
import { cluster, now } from '#test/fixtures.ts'
import {
  account,
  configGrant,
  namespace,
  peopleGrant,
  podAt,
  podSpec,
  runMetadata,
  secretGrant,
  stack,
} from '#test/fixtures-grants.ts'

const view = cluster(account(), stack())
const consumer = (labels = {}, annotations = {}): Consumer =>
  consumerOf(podAt(podSpec(), runMetadata({ labels, annotations })), namespace, view)
const trusted = consumer()
const untrusted = consumer({ 'kradle.a5c.ai/trust-tier': 'untrusted' })
const bare = consumerOf(podAt(podSpec(), {}), namespace, view)
const person = consumerOf(podAt({}, {}), namespace, view)
const use: Use = {
  source: 'secret',
  name: 'model',
  key: 'token',
  way: 'env',
  purpose: 'model-provider',
}

t.test('a grant is of the kind of its source', async t => {
  t.match(grantKindOf('secret'), { kind: 'AgentSecretGrant' })
  t.match(grantKindOf('configmap'), { kind: 'AgentConfigGrant' })
  t.strictSame(targetOf(secretGrant()), { name: 'model', keys: ['token'] })
  t.strictSame(targetOf(configGrant()), { name: 'skill', keys: ['rules'] })
})

t.test('a grant is on the Secret it names, in its own namespace', async t => {
  t.equal(isOn(secretGrant(), 'model', namespace), true)
  t.equal(isOn(secretGrant(), 'other', namespace), false)
  const of = (home: string) =>
    secretGrant({ secretRef: { namespace: home, name: 'model', keys: [] } })
  t.equal(isOn(of(namespace), 'model', namespace), true)
  t.equal(isOn(of('kradle-org-globex'), 'model', namespace), false)
})

const component = { kind: 'skill' as const, name: 'search' }
const subjects = {
  'its stack': { grant: secretGrant(), to: trusted, want: true },
  'its stack, stated by no label': { grant: secretGrant(), to: bare, want: true },
  'a component of its stack': {
    grant: secretGrant({ subject: { ...component, stackRef: 'repairer' } }),
    to: trusted,
    want: true,
  },
  'the account of a component': {
    grant: secretGrant({ subject: component, serviceAccountRef: 'repairer-account' }),
    to: trusted,
    want: true,
  },
  'people under their account': { grant: peopleGrant(), to: person, want: true },
  'a runner of people': {
    grant: peopleGrant({ subject: { kind: 'runner', name: 'r' } }),
    to: person,
    want: true,
  },
  'the Pods of its pool': {
    grant: peopleGrant({
      subject: { kind: 'runner', name: 'linux' },
      serviceAccountRef: 'repairer-account',
    }),
    to: consumer({ 'kradle.a5c.ai/runner-pool': 'linux' }),
    want: true,
  },
  'no Pods of another pool': {
    grant: peopleGrant({
      subject: { kind: 'runner', name: 'linux' },
      serviceAccountRef: 'repairer-account',
    }),
    to: consumer({ 'kradle.a5c.ai/runner-pool': 'macos' }),
    want: false,
  },
  'no run that states no pool': {
    grant: peopleGrant({
      subject: { kind: 'runner', name: 'linux' },
      serviceAccountRef: 'repairer-account',
    }),
    to: trusted,
    want: false,
  },
  'no Pods of its pool under another account': {
    grant: peopleGrant({ subject: { kind: 'runner', name: 'linux' }, serviceAccountRef: 'x' }),
    to: consumer({ 'kradle.a5c.ai/runner-pool': 'linux' }),
    want: false,
  },
  'no other stack': {
    grant: secretGrant({ subject: { kind: 'agent-stack', name: 'other' } }),
    to: trusted,
    want: false,
  },
  'no stack that says it is another one': {
    grant: secretGrant(),
    to: consumer({ 'kradle.a5c.ai/agent-stack': 'other' }),
    want: false,
  },
  'no component of a stack that says it is another one': {
    grant: secretGrant({
      subject: { ...component, stackRef: 'repairer' },
      serviceAccountRef: 'repairer-account',
    }),
    to: consumer({ 'kradle.a5c.ai/agent-stack': 'other' }),
    want: false,
  },
  'no other account than the one it names, whatever that of its stack': {
    grant: secretGrant({ serviceAccountRef: 'other' }),
    to: trusted,
    want: false,
  },
  'nobody for a component of nothing': {
    grant: secretGrant({ subject: component }),
    to: trusted,
    want: false,
  },
  'no other account of people': {
    grant: peopleGrant({ serviceAccountRef: 'other' }),
    to: person,
    want: false,
  },
  'no people with what is for agents': {
    grant: secretGrant({ serviceAccountRef: 'default' }),
    to: person,
    want: false,
  },
  'no agent with what is for people': {
    grant: peopleGrant({ serviceAccountRef: 'repairer-account' }),
    to: trusted,
    want: false,
  },
}

for (const [name, { grant, to, want }] of Object.entries(subjects))
  t.test(`a grant serves ${name}`, async t => {
    t.equal(serves(grant, to, view), want)
    t.match(judge([grant], use, to, { cluster: view }), want ? { grant: /./ } : undefined)
  })

t.test('a grant for a stack that runs under another account serves nobody here', async t => {
  const moved = stack({ runtimeIdentity: { serviceAccountRef: 'other' } })
  t.equal(serves(secretGrant(), trusted, cluster(moved)), false)
  t.equal(serves(secretGrant(), trusted, cluster()), false)
})

const past = '2026-11-21T11:59:59Z'
const verdicts: Record<
  string,
  { grant: Grant; to?: Consumer; of?: Partial<Use>; approved?: true; want: object | undefined }
> = {
  'allows what is granted': {
    grant: secretGrant(),
    want: { answer: 'allowed', grant: 'repairer-model' },
  },
  'allows a ConfigMap': {
    grant: configGrant(),
    of: { source: 'configmap', name: 'skill', key: 'rules', purpose: 'skill-config' },
    want: { answer: 'allowed' },
  },
  'has nothing to say of another key': {
    grant: secretGrant(),
    of: { key: 'other' },
    want: undefined,
  },
  'has nothing to say of another Secret': {
    grant: secretGrant(),
    of: { name: 'x' },
    want: undefined,
  },
  'grants nothing with no keys': {
    grant: secretGrant({ secretRef: { name: 'model', keys: [] } }),
    want: undefined,
  },
  'denies another purpose': {
    grant: secretGrant(),
    of: { purpose: 'other' },
    want: { answer: 'denied', rule: 'R54', reason: /states "other"/ },
  },
  'denies a use without purpose': {
    grant: secretGrant(),
    of: { purpose: undefined },
    want: { answer: 'denied', rule: 'R54', reason: /states none/ },
  },
  'asks no purpose of people': {
    grant: peopleGrant(),
    to: person,
    of: { purpose: undefined },
    want: { answer: 'allowed' },
  },
  'allows the one way of its mountPolicy': {
    grant: secretGrant({ mountPolicy: 'env' }),
    want: { answer: 'allowed' },
  },
  'allows a way that is not known yet': {
    grant: secretGrant({ mountPolicy: 'env' }),
    of: { way: undefined },
    want: { answer: 'allowed' },
  },
  'denies a file where variables are meant': {
    grant: secretGrant({ mountPolicy: 'env' }),
    of: { way: 'file' },
    want: { answer: 'denied', rule: 'R56', reason: /as env only, and this is a file/ },
  },
  'denies the pull of an image where files are meant': {
    grant: secretGrant({ mountPolicy: 'file' }),
    of: { way: 'pull' },
    want: { answer: 'denied', rule: 'R56' },
  },
  'denies a driver where variables are meant': {
    grant: secretGrant({ mountPolicy: 'env' }),
    of: { way: 'driver' },
    want: { answer: 'denied', rule: 'R56' },
  },
  'allows its repository': {
    grant: secretGrant({ allowedRepositories: ['app'] }),
    want: { answer: 'allowed' },
  },
  'denies another repository, and names the first few': {
    grant: secretGrant({ allowedRepositories: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
    want: {
      answer: 'denied',
      rule: 'R55',
      reason: /repository "a", "b", "c", "d", "e" and 2 more, and the repository is "app"/,
    },
  },
  'denies every repository with an empty list': {
    grant: secretGrant({ allowedRepositories: [] }),
    want: { answer: 'denied', reason: /is for no repository/ },
  },
  'denies a repository that is not stated': {
    grant: peopleGrant({ allowedRepositories: ['app'] }),
    to: person,
    want: { answer: 'denied', rule: 'R55', reason: /no repository is stated/ },
  },
  'allows a ref': {
    grant: secretGrant({ allowedRefs: { include: ['refs/heads/*'] } }),
    want: { answer: 'allowed' },
  },
  'denies another ref': {
    grant: secretGrant({ allowedRefs: { include: ['refs/tags/*'] } }),
    want: { answer: 'denied', rule: 'R55', reason: /the ref is "refs\/heads\/main"/ },
  },
  'denies an excluded ref': {
    grant: secretGrant({ allowedRefs: { include: ['refs/*'], exclude: ['refs/heads/*'] } }),
    want: { answer: 'denied', rule: 'R55' },
  },
  'denies a ref that is not stated': {
    grant: peopleGrant({ allowedRefs: {} }),
    to: person,
    want: { answer: 'denied', rule: 'R55', reason: /no ref is stated/ },
  },
  'allows a trigger source': {
    grant: secretGrant({ allowedTriggerSources: ['ci'] }),
    want: { answer: 'allowed' },
  },
  'denies another trigger source': {
    grant: secretGrant({ allowedTriggerSources: ['manual'] }),
    want: { answer: 'denied', rule: 'R55', reason: /trigger source "manual"/ },
  },
  'denies untrusted work': {
    grant: secretGrant(),
    to: untrusted,
    approved: true,
    want: { answer: 'denied', rule: 'R57', reason: /untrusted/ },
  },
  'asks for an approval of untrusted work': {
    grant: secretGrant({ requiredApproval: 'on-untrusted-ref' }),
    to: untrusted,
    want: { answer: 'requiresApproval', rule: 'R57', reason: /for untrusted work/ },
  },
  'allows untrusted work that is approved': {
    grant: secretGrant({ requiredApproval: 'on-untrusted-ref' }),
    to: untrusted,
    approved: true,
    want: { answer: 'allowed' },
  },
  'asks no approval of trusted work where only untrusted needs one': {
    grant: secretGrant({ requiredApproval: 'on-untrusted-ref' }),
    want: { answer: 'allowed' },
  },
  'asks for an approval of all work': {
    grant: secretGrant({ requiredApproval: 'always' }),
    want: { answer: 'requiresApproval', reason: /for all work/ },
  },
  'asks people for an approval, too': {
    grant: peopleGrant({ requiredApproval: 'always' }),
    to: person,
    want: { answer: 'requiresApproval' },
  },
  'allows all work that is approved': {
    grant: secretGrant({ requiredApproval: 'always' }),
    to: untrusted,
    approved: true,
    want: { answer: 'allowed' },
  },
  'calls a grant stale that expired': {
    grant: secretGrant({ expiresAt: past, requiredApproval: 'always' }),
    want: { answer: 'staleGrant', rule: 'R51', reason: /expired at 2026-11-21T11:59:59Z/ },
  },
  'calls a grant stale that is going': {
    grant: secretGrant({}, { deletionTimestamp: now.toISOString() }),
    want: { answer: 'staleGrant', reason: /being deleted/ },
  },
  'denies rather than calling stale': {
    grant: secretGrant({ expiresAt: past }),
    of: { purpose: 'other' },
    want: { answer: 'denied' },
  },
}

const snapshotOf = (grant: Grant, approved?: true): Snapshot => ({
  cluster: view,
  ...(approved && { approvals: [{ kind: grant.kind, name: grant.metadata.name }] }),
})

for (const [name, { grant, to = trusted, of, approved, want }] of Object.entries(verdicts))
  t.test(name, async t => {
    const said = judge([grant], { ...use, ...of }, to, snapshotOf(grant, approved))
    if (want) t.match(said, want)
    else t.equal(said, undefined)
  })

t.test('a grant ends at the instant it expires', async t => {
  t.equal(isStale(secretGrant({ expiresAt: now.toISOString() }), now), true)
  t.equal(isStale(secretGrant({ expiresAt: '2026-11-21T12:00:00.001Z' }), now), false)
  t.equal(isStale(secretGrant({ expiresAt: 'someday' }), now), true)
  t.equal(isStale(secretGrant(), now), false)
})

t.test('an approval is of one grant of one kind', async t => {
  const grant = secretGrant({ requiredApproval: 'always' })
  for (const approval of [
    { kind: 'AgentConfigGrant', name: 'repairer-model' },
    { kind: 'AgentSecretGrant', name: 'other' },
  ] as const)
    t.match(judge([grant], use, trusted, { cluster: view, approvals: [approval] }), {
      answer: 'requiresApproval',
    })
})

t.test('the best answer wins, and the refusal that is nearest to it', async t => {
  const wrong = secretGrant({ purpose: 'other' }, { name: 'wrong' })
  const stale = secretGrant({ expiresAt: past }, { name: 'stale' })
  const asking = secretGrant({ requiredApproval: 'always' }, { name: 'asking' })
  const good = secretGrant()
  const best = (...grants: Grant[]) => judge(grants, use, trusted, { cluster: view })?.grant
  t.equal(best(wrong, stale), 'stale')
  t.equal(best(stale, wrong), 'stale')
  t.equal(best(asking, stale, wrong), 'asking')
  t.equal(best(wrong, good, asking), 'repairer-model')
})

t.test('another grant never turns a permission into a refusal', async () => {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const anyOf = (...items: string[]) => optional(fc.subarray(items))
  const grants = fc
    .record({
      name: fc.constantFrom('a', 'b', 'c'),
      subject: fc.constantFrom(
        { kind: 'agent-stack', name: 'repairer' },
        { kind: 'agent-stack', name: 'other' },
        { kind: 'skill', name: 's', stackRef: 'repairer' },
        { kind: 'user', name: 'jane' },
      ),
      serviceAccountRef: optional(fc.constantFrom('repairer-account', 'default')),
      keys: fc.subarray(['token', 'other']),
      purpose: fc.constantFrom('model-provider', 'other'),
      allowedRepositories: anyOf('app', 'web'),
      include: anyOf('refs/heads/*', 'refs/tags/*'),
      exclude: anyOf('refs/heads/main'),
      allowedTriggerSources: anyOf('ci', 'manual'),
      mountPolicy: optional(fc.constantFrom('env', 'file')),
      requiredApproval: fc.constantFrom('never', 'on-untrusted-ref', 'always'),
      expiresAt: optional(fc.constantFrom(past, '2027-01-01T00:00:00Z')),
    })
    .map(({ name, keys, include, exclude, ...spec }) => {
      const given = {
        ...spec,
        allowedRefs: { include, exclude },
        secretRef: { name: 'model', keys },
      }
      const known = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      )
      return secretGrant(
        JSON.parse(JSON.stringify(known)) as Partial<Parameters<typeof secretGrant>[0]>,
        { name },
      )
    })
  const approvals = fc
    .subarray(['a', 'b', 'c'])
    .map(names => names.map(name => ({ kind: 'AgentSecretGrant' as const, name })))
  let allowed = 0
  fc.assert(
    fc.property(
      fc.array(grants, { maxLength: 3 }),
      fc.subarray([secretGrant(), peopleGrant()]),
      grants,
      fc.nat({ max: 5 }),
      approvals,
      fc.constantFrom(trusted, untrusted, bare, person),
      (some, good, added, at, approved, to) => {
        const snapshot = { cluster: view, approvals: approved }
        const list = [...some, ...good]
        if (judge(list, use, to, snapshot)?.answer !== 'allowed') return true
        allowed += 1
        return judge(list.toSpliced(at, 0, added), use, to, snapshot)?.answer === 'allowed'
      },
    ),
    { numRuns: 5000, seed: 20261121 },
  )
  t.ok(allowed > 500, `${allowed} of them were allowed`)
})
