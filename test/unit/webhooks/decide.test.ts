import fc from 'fast-check'
import { applyPatch } from 'rfc6902'
import t from 'tap'
import { everyKind } from '#src/api/kinds.ts'
import type { AdmissionRequest } from '#src/api/admission/v1.ts'
import { ExternalBackendProvider } from '#src/api/external-backends/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { LABEL_ORG, ORG_NAMESPACE_PREFIX } from '#src/api/names.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import {
  admissionRequest,
  binding,
  cluster,
  now,
  objectOf,
  organization,
  request,
  team,
} from '#test/fixtures.ts'
import { readExamples } from '#test/support/examples.ts'
import { accessOf, bothOf, keyOfReview, noAccess } from '#webhooks/access.ts'
import { decide, fillIn, isNeverBlocked, mutated, NAMESPACE_CONTROLLER } from '#webhooks/decide.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { lookupsOf, registry, reviewsOf } from '#webhooks/registry.ts'
import { readRequest } from '#webhooks/request.ts'
import { deny, mutation, rule, warn, type Access, type Request, type Rule } from '#webhooks/rule.ts'

const shipped = registry(rules, mutations)
const create = request('CREATE', Team, team())
const on = (decision: Rule['decide']) =>
  rule({ kinds: [Team], operations: ['CREATE', 'UPDATE'], enforces: ['R28'], decide: decision })

t.test('allows a complete object without a word', async t => {
  t.strictSame(decide(create, cluster(binding()), shipped), {
    allowed: true,
    reasons: [],
    warnings: [],
    advisers: [],
    patch: [],
    auditAnnotations: {},
    failures: [],
  })
})

t.test('says field, value, problem, way out, rule number and file', async t => {
  const foreign = request('CREATE', Team, team('acme', { spec: { organizationRef: 'globex' } }))
  const { allowed, reasons, patch, auditAnnotations } = decide(foreign, cluster(binding()), shipped)
  t.equal(allowed, false)
  t.strictSame(patch, [])
  t.strictSame(auditAnnotations, { 'denied-by': 'org-scoped/namespace-is-bound' })
  t.equal(
    reasons[0]?.message,
    'spec.organizationRef: "globex" is not the organisation of namespace "kradle-org-acme", which is "acme"; ' +
      'leave it out or write "acme", or use the namespace of the other organisation ' +
      '[R28 org-scoped/namespace-is-bound]',
  )
})

t.test('judges the object as it is after the mutations', async t => {
  const { organizationRef: _, ...spec } = team().spec
  const bare = { ...team(), metadata: { name: 'core', namespace: 'kradle-org-acme' }, spec }
  const { allowed, patch } = decide(request('CREATE', Team, bare), cluster(binding()), shipped)
  t.equal(allowed, true)
  t.strictSame(patch, [
    { op: 'add', path: '/metadata/labels', value: { [LABEL_ORG]: 'acme' } },
    { op: 'add', path: '/spec/organizationRef', value: 'acme' },
  ])
})

t.test('orders reasons by field, then by rule', async t => {
  const at = (field: string) =>
    on(() =>
      [field, field].flatMap(name =>
        deny({ rule: 'R28', field: name, value: 1, problem: 'p', fix: 'f' }),
      ),
    )
  const { reasons, auditAnnotations } = decide(
    create,
    cluster(),
    registry({ 'z/b': at('spec.b'), 'z/a': at('spec.b'), 'y/c': at('spec.a') }, {}),
  )
  t.strictSame(
    reasons.map(reason => [reason.field, reason.rule]),
    [
      ['spec.a', 'y/c'],
      ['spec.a', 'y/c'],
      ['spec.b', 'z/a'],
      ['spec.b', 'z/a'],
      ['spec.b', 'z/b'],
      ['spec.b', 'z/b'],
    ],
  )
  t.equal(auditAnnotations['denied-by'], 'y/c,z/a,z/b')
})

t.test('passes warnings on, with or without a denial', async t => {
  const warned = decide(create, cluster(), registry({ 'a/w': on(() => warn('mind the gap')) }, {}))
  t.match(warned, {
    allowed: true,
    warnings: ['mind the gap'],
    auditAnnotations: { warnings: '1' },
  })
})

t.test('cuts long values and shows values JSON cannot', async t => {
  const long = on(() =>
    deny({ rule: 'R28', field: 'f', value: 'x'.repeat(500), problem: 'p', fix: 'f' }),
  )
  const [reason] = decide(create, cluster(), registry({ 'a/l': long }, {})).reasons
  t.ok(reason && reason.message.length < 200)
  const odd = on(() => deny({ rule: 'R28', field: 'f', value: () => 1, problem: 'p', fix: 'f' }))
  t.match(decide(create, cluster(), registry({ 'a/o': odd }, {})).reasons, [{ message: /=> 1/ }])
  let deep: unknown[] = []
  for (let depth = 0; depth < 20_000; depth++) deep = [deep]
  const nested = on(() => deny({ rule: 'R28', field: 'f', value: deep, problem: 'p', fix: 'f' }))
  t.match(decide(create, cluster(), registry({ 'a/n': nested }, {})).reasons, [
    { message: 'f: what stands there p; f [R28 a/n]' },
  ])
})

t.test('refuses when a rule throws, whatever it throws', async t => {
  for (const thrown of [new TypeError('boom'), 'boom']) {
    const broken = on(() => {
      throw thrown
    })
    const { allowed, reasons, failures } = decide(
      create,
      cluster(),
      registry({ 'a/b': broken }, {}),
    )
    t.equal(allowed, false)
    t.match(reasons, [{ message: /^the rule failed: (Type)?Error; nothing was written/ }])
    t.notMatch(reasons, [{ message: /boom/ }])
    t.strictSame(failures, [{ rule: 'a/b', error: thrown }])
  }
})

t.test('never blocks what must stay possible', async t => {
  const refuse = registry(
    { 'a/no': on(() => deny({ rule: 'R28', field: '', value: 0, problem: 'p', fix: 'f' })) },
    {},
  )
  const update = (change: (team: Team) => void) => {
    const changed = team()
    change(changed)
    return request('UPDATE', Team, changed, team())
  }
  const free: Record<string, ReturnType<typeof update>> = {
    finalizers: update(({ metadata }) => (metadata.finalizers = ['example.com/x'])),
    'foreign labels': update(
      ({ metadata }) => (metadata.labels = { ...metadata.labels, app: 'x' }),
    ),
    'foreign annotations': update(({ metadata }) => (metadata.annotations = { note: 'x' })),
    ownerReferences: update(({ metadata }) => (metadata.ownerReferences = [])),
    nothing: update(() => {}),
  }
  const always = { ...refuse.rules[0]!.rule, ofMetadata: true } as const
  for (const [what, write] of Object.entries(free)) {
    t.equal(decide(write, cluster(), refuse).allowed, true, what)
    const strict = registry({ 'a/no': always }, {})
    t.equal(decide(write, cluster(), strict).allowed, false, `${what}, to a rule on metadata`)
  }
  const bound: Record<string, ReturnType<typeof update>> = {
    spec: update(({ spec }) => (spec.displayName = 'x')),
    'the organisation label': update(({ metadata }) => (metadata.labels = {})),
    'a label of ours': update(
      ({ metadata }) => (metadata.labels = { ...metadata.labels, 'kradle.a5c.ai/repository': '' }),
    ),
    'a label of ours that no list has': update(
      ({ metadata }) => (metadata.labels = { ...metadata.labels, 'kradle.a5c.ai/provider': 'x' }),
    ),
    'an annotation of ours': update(
      ({ metadata }) => (metadata.annotations = { 'kradle.a5c.ai/ref': '' }),
    ),
  }
  for (const [what, write] of Object.entries(bound))
    t.equal(decide(write, cluster(), refuse).allowed, false, what)
})

t.test('lets the namespace controller delete, and nobody else because of that', async t => {
  const byController = {
    ...request('DELETE', Team, team()),
    user: { username: NAMESPACE_CONTROLLER },
  }
  t.equal(isNeverBlocked(byController), true)
  t.equal(isNeverBlocked({ ...byController, operation: 'CREATE' }), false)
  t.equal(isNeverBlocked(request('DELETE', Team, team())), false)
})

t.test('fills in, and refuses only what nobody can', async t => {
  const elsewhere = team('acme', { metadata: { namespace: 'default' } })
  t.match(fillIn(request('CREATE', Team, elsewhere), cluster(), shipped), {
    allowed: false,
    reasons: [{ rule: 'org-scoped/organization-is-filled-in', field: 'metadata.namespace' }],
  })
  t.equal(fillIn(create, cluster(), shipped).allowed, true)
  const bare = { ...team(), metadata: { name: 'core', namespace: 'kradle-org-acme' } }
  t.equal(fillIn(request('CREATE', Team, bare), cluster(binding()), shipped).patch.length, 1)
  t.strictSame(fillIn(request('UPDATE', Team, bare, bare), cluster(binding()), shipped).patch, [])
})

t.test('shows the object as it would be stored', async t => {
  const whole = team()
  t.equal(mutated(request('CREATE', Team, whole), cluster(binding()), shipped), whole)
  const bare = objectOf(Team, {
    metadata: { name: 'core', namespace: 'kradle-org-acme' },
    spec: { displayName: 'Core' },
  } as never)
  t.strictSame(mutated(request('CREATE', Team, bare), cluster(binding()), shipped), {
    ...bare,
    metadata: { ...bare.metadata, labels: { [LABEL_ORG]: 'acme' } },
    spec: { organizationRef: 'acme', displayName: 'Core' },
  })
})

t.test('keeps maps that were sent empty, and adds none of its own', async t => {
  const touch = mutation({
    kinds: [Team],
    operations: ['CREATE'],
    enforces: ['R27'],
    needed: 'true',
    apply: ({ object }) => ({ ...object, spec: { ...object.spec, displayName: 'New' } }),
  })
  const touched = registry({}, { 'a/touch': touch })
  const want = [{ op: 'replace', path: '/spec/displayName', value: 'New' }]
  const sent = team('acme', { metadata: { labels: {}, annotations: {} } })
  t.strictSame(decide(request('CREATE', Team, sent), cluster(), touched).patch, want)
  t.strictSame(fillIn(request('CREATE', Team, sent), cluster(), touched).patch, want)
  const { labels: _, ...metadata } = team().metadata
  const bare = { ...team(), metadata }
  t.strictSame(decide(request('CREATE', Team, bare), cluster(), touched).patch, want)
})

const label = fc.constantFrom('acme', 'globex', '')
const anyObject = fc.record(
  {
    metadata: fc.record(
      {
        name: fc.constantFrom('core', 'a.b'),
        namespace: fc.constantFrom(
          'kradle-org-acme',
          'kradle-org-globex',
          'default',
          'kradle-system',
        ),
        labels: fc.dictionary(fc.constantFrom(LABEL_ORG, 'app', 'a/b~c'), label),
        annotations: fc.dictionary(fc.constantFrom('kradle.a5c.ai/confirm-delete', 'note'), label),
      },
      { requiredKeys: ['name', 'namespace'] },
    ),
    spec: fc.dictionary(
      fc.constantFrom('organizationRef', 'displayName', 'namespace'),
      fc.oneof(label, fc.jsonValue()),
    ),
  },
  { requiredKeys: ['metadata'] },
)

t.test('is idempotent and deterministic over objects of every kind', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...everyKind),
      fc.constantFrom('CREATE' as const, 'UPDATE' as const),
      anyObject,
      anyObject,
      (kind, operation, parts, oldParts) => {
        const world = cluster(binding('acme'), binding('globex'))
        const old = objectOf(kind, oldParts as KubernetesObject)
        const object = objectOf(kind, parts as KubernetesObject)
        const review = admissionRequest(operation, kind, object, old)
        const before = JSON.stringify(review)
        const first = decide(readRequest(review), world, shipped)
        const again = decide(readRequest(structuredClone(review)), world, shipped)
        if (JSON.stringify(first) !== JSON.stringify(again)) throw new Error('not deterministic')
        if (JSON.stringify(review) !== before) throw new Error('it changed its argument')
        const patched = structuredClone(review)
        const results = applyPatch(patched.object, [...first.patch])
        if (results.some(result => result !== null)) throw new Error('the patch does not apply')
        const second = decide(readRequest(patched), world, shipped)
        if (second.patch.length > 0)
          throw new Error(`not idempotent: ${JSON.stringify(second.patch)}`)
        if (second.allowed !== first.allowed) throw new Error('the verdict changed')
      },
    ),
    { numRuns: 2000, seed: 20261121 },
  )
})

// The same over objects that mean something: the examples, with a few things wrong.

const configuration = readExamples('docs/examples', now)
const activity = readExamples('docs/activity-examples')
const needed = [...configuration.needed, ...activity.needed]
const byKind = new Map([...activity.of, ...configuration.of])
const examples = [...byKind.values()] as UnknownObject[]
const kindOf = ({ kind }: KubernetesObject): Kind => everyKind.find(known => known.kind === kind)!
/** A provider that has no forge. */
const builds = objectOf(ExternalBackendProvider, {
  metadata: { name: 'builds', namespace: 'kradle-org-acme' },
  spec: {
    organizationRef: 'acme',
    providerType: 'jenkins',
    endpoint: 'https://example.com',
    discovery: {},
    paused: false,
  },
} as never)
/** A stack that no run gets. */
const broken = {
  ...(byKind.get('AgentStack') as UnknownObject),
  metadata: { name: 'broken', namespace: 'kradle-org-acme' },
  status: { conditions: [{ type: 'Ready', status: 'False', reason: 'NoAccount', message: '' }] },
}
/** Everything that any example has, and one of each kind in another organisation. */
const world = cluster(
  ...['acme', 'globex'].flatMap(slug => [organization(slug), binding(slug)]),
  builds,
  broken,
  ...needed,
  ...examples,
  ...examples
    .filter(({ metadata }) => metadata.namespace?.startsWith(ORG_NAMESPACE_PREFIX))
    .map(object => ({
      ...object,
      metadata: { name: 'of-globex', namespace: 'kradle-org-globex' },
    })),
)
const names = examples.map(({ metadata }) => metadata.name)

type Holder = Record<string | number, unknown>
/** Every place in a value that holds another, from the outside in. */
function placesIn(holder: Holder): { holder: Holder; key: string }[] {
  return Object.keys(holder).flatMap(key => {
    const inner = holder[key]
    const below = typeof inner === 'object' && inner !== null ? placesIn(inner as Holder) : []
    return [{ holder, key }, ...below]
  })
}

/** One thing done to a spec, mostly wherever `at` comes to lie in it. */
interface Edit {
  readonly at: number
  readonly act: 'drop' | 'replace' | 'add' | 'spoil'
  readonly value: unknown
}

/** What the rules of a kind may not like, besides a wrong name. */
const spoils: Readonly<Record<string, object>> = {
  AgentApproval: { decision: 'Approved', reason: 'It is what we said.' },
  AgentDispatchRun: { agentStack: 'broken', trustTier: 'untrusted' },
  KradleArtifact: { writeBack: { target: 'branch' } },
  AgentConfigGrant: { configMapRef: { name: 'linter', keys: ['api-token'] } },
  AgentStack: { approvalMode: 'yolo' },
  AgentTriggerRule: { sources: ['comment'], contextLabels: ['house-style'] },
  ExternalBackendBinding: { providerRef: 'builds', interfaces: { gitForge: {} } },
  ExternalWriteIntent: {
    approvalPolicy: { required: false },
    decision: 'Approved',
    interface: 'wiki',
    request: { body: 'https://jane:pa55word@example.com/' },
  },
  PolicyExceptionRequest: { policyRef: 'nothing', requestedBy: 'jane', decision: 'Approved' },
  Pipeline: { external: { providerRef: 'github', bindingRef: 'github-app' } },
  Issue: { author: 'joe' },
  PullRequest: { merge: {} },
  ExternalBackendProvider: {
    providerType: 'gthub',
    webhook: { publicKeysUrl: 'https://example.com/keys' },
  },
  Invite: { acceptedBy: 'jane', revoked: true },
  KradleInferenceService: {
    predictor: { model: { modelFormat: { name: 'onnx' }, runtime: 'sklearn' } },
  },
}

function edited(object: UnknownObject, edits: readonly Edit[]): UnknownObject {
  const copy = structuredClone(object)
  for (const { at, act, value } of edits) {
    const places = placesIn(copy.spec as Holder)
    const { holder, key } = places[at % places.length] ?? { holder: copy.spec as Holder, key: 'x' }
    const put = structuredClone(value)
    if (act === 'spoil') Object.assign(copy.spec as Holder, structuredClone(spoils[object.kind]))
    else if (act === 'replace') holder[key] = put
    else if (Array.isArray(holder)) {
      if (act === 'add') holder.push(put)
      else holder.splice(Number(key), 1)
    } else if (act === 'add') holder[fields[at % fields.length]!] = put
    else delete holder[key]
  }
  return copy
}

/** What specs have somewhere. */
const fields = [
  ...new Set(examples.flatMap(({ spec }) => placesIn(spec as Holder).map(({ key }) => key))),
].filter(key => !/^\d/.test(key))

const anyName = fc.constantFrom(...names, 'nobody', 'of-globex')
const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(1000),
  act: fc.constantFrom('drop', 'replace', 'replace', 'replace', 'add', 'spoil'),
  value: fc.oneof(
    { weight: 4, arbitrary: anyName },
    { weight: 2, arbitrary: fc.constantFrom('yolo', 'globex', 'xgboost', 'x'.repeat(300_000)) },
    { weight: 1, arbitrary: fc.constantFrom(true, false, 0, null, '', 'acme') },
    { weight: 1, arbitrary: fc.array(anyName, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  ),
})
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
const anyWrite = fc.record({
  example: fc.constantFrom(...examples),
  operation: fc.constantFrom('CREATE', 'CREATE', 'UPDATE', 'DELETE'),
  edits: fc.array(anyEdit, { maxLength: 3 }),
  oldEdits: fc.array(anyEdit, { maxLength: 2 }),
  name: seldom(fc.constantFrom('other', 'Other', 'a.b', 'x'.repeat(64))),
  namespace: seldom(fc.constantFrom('kradle-org-globex', 'default', 'kradle-system')),
  labels: seldom(fc.dictionary(fc.constantFrom(LABEL_ORG, 'app'), label)),
  username: fc.constantFrom('jane', 'admin', NAMESPACE_CONTROLLER),
  /** Which questions are answered with yes. */
  rights: fc.constantFrom(0, 1, 2, 3),
})
type Write = typeof anyWrite extends fc.Arbitrary<infer T> ? T : never

function reviewOf(write: Write): { kind: Kind; review: AdmissionRequest } {
  const { example, operation, edits, oldEdits, name, namespace, labels, username } = write
  const kind = kindOf(example)
  const placed = (object: UnknownObject): UnknownObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      ...(name !== null && { name }),
      ...(namespace !== null && { namespace }),
      ...(labels !== null && { labels }),
    },
  })
  const object = placed(edited(example, edits))
  const old = operation === 'UPDATE' ? placed(edited(example, oldEdits)) : undefined
  const review = admissionRequest(operation, kind, object, old)
  return { kind, review: { ...review, userInfo: { ...review.userInfo, username } } }
}

/** As review.ts does it: the rules ask until they know enough. */
function accessFor(written: Request, rights: number): Access {
  const asked = shipped.rulesFor(written)
  lookupsOf(asked, written)
  let access: Access = noAccess
  for (let round = 0; round < 10; round++) {
    const reviews = reviewsOf(asked, written, world, access)
    if (reviews.length === 0) return access
    access = bothOf(access, accessOf(reviews.map(review => [review, isHeld(review)])))
  }
  throw new Error('the rules never know enough')

  function isHeld(review: Parameters<typeof keyOfReview>[0]): boolean {
    const [first] = Buffer.from(keyOfReview(review)).toSorted()
    return rights === 3 || (keyOfReview(review).length + first!) % 3 < rights
  }
}

const judged = (review: AdmissionRequest, rights: number) => {
  const written = readRequest(review)
  return decide(written, world, shipped, accessFor(written, rights))
}

/** Ways to touch an object that no rule on spec may block. */
const untouchables: readonly ((metadata: UnknownObject['metadata']) => void)[] = [
  metadata => void (metadata.finalizers = ['example.com/x']),
  metadata => void (metadata.ownerReferences = []),
  metadata => void (metadata.labels = { ...metadata.labels, app: 'other' }),
  metadata => void (metadata.annotations = { ...metadata.annotations, note: 'x' }),
  metadata => void (metadata['managedFields'] = []),
]

/** Of each rule, the kinds that it says it reads live: its process has the right to no other. */
const readable = new Map(
  [...shipped.rules, ...shipped.mutations].map(({ name, rule: each }) => {
    const { live, gets } =
      each.type === 'validate' ? registry({ [name]: each }, {}) : registry({}, { [name]: each })
    return [name, new Set([...live, ...gets])]
  }),
)

t.test('holds all of that over the examples of every kind with something wrong', async t => {
  const refused = new Set<string>()
  const taken = new Set<string>()
  const check = (holds: boolean, what: string, shown?: unknown) => {
    if (!holds) throw new Error(`${what}: ${JSON.stringify(shown)}`)
  }
  fc.assert(
    fc.property(anyWrite, write => {
      const { rights } = write
      const { kind, review } = reviewOf(write)
      const asked = readRequest(review)
      for (const { name, rule: each } of [
        ...shipped.rulesFor(asked),
        ...shipped.mutationsFor(asked),
      ])
        for (const read of each.lookups?.(asked) ?? [])
          check(
            read.fresh === 'cached' || readable.get(name)!.has(read.kind),
            `${name} reads live what it does not say`,
            read.kind.kind,
          )
      const before = JSON.stringify(review)
      const first = judged(review, rights)
      check(JSON.stringify(review) === before, 'it changed its argument')
      check(
        JSON.stringify(judged(structuredClone(review), rights)) === JSON.stringify(first),
        'not deterministic',
      )
      check(
        first.failures.length === 0,
        'a rule threw',
        first.failures.map(({ error }) => String(error)),
      )
      for (const { rule: name, number, field, message } of first.reasons) {
        const { enforces, advises } = (rules as Record<string, Rule>)[name]!
        check(!advises, `${name} is not asked while Kradle is down, so it may not refuse`)
        check(enforces.includes(number), `${name} does not enforce what it says`, number)
        check(field !== '', 'a refusal without a field', message)
        const start = `${field}: `
        const end = ` [${number} ${name}]`
        check(message.startsWith(start) && message.endsWith(end), 'a message of no form', message)
        check(/\S; \S/.test(message.slice(start.length, -end.length)), 'no way out', message)
        refused.add(name)
      }
      if (first.allowed) taken.add(kind.kind)

      if (review.operation !== 'DELETE') {
        const patched = structuredClone(review)
        const { patch } = fillIn(readRequest(review), world, shipped)
        check(
          applyPatch(patched.object, [...patch]).every(result => result === null),
          'the patch does not apply',
          patch,
        )
        const second = judged(patched, rights)
        check(second.patch.length === 0, 'not idempotent', second.patch)
        check(
          JSON.stringify(second.reasons) === JSON.stringify(first.reasons),
          'the verdict changed',
          [first.reasons, second.reasons],
        )
      }

      // However it came to be there: a broken object has to stay removable.
      if (review.operation !== 'CREATE' || first.allowed) return
      const stored = review.object as UnknownObject
      for (const touch of untouchables) {
        const next = structuredClone(stored)
        touch(next.metadata)
        const update = judged(admissionRequest('UPDATE', kind, next, stored), rights)
        check(update.allowed && update.patch.length === 0, 'blocked', update.reasons)
      }
      const removal = admissionRequest('DELETE', kind, stored)
      const userInfo = { username: NAMESPACE_CONTROLLER }
      check(judged({ ...removal, userInfo }, rights).allowed, 'the namespace would hang')
    }),
    { numRuns: 5000, seed: 20261121 },
  )
  const newer = [
    'activity-author/author-is-the-requester',
    'agentapproval/decider-is-another',
    'agentdispatchrun/pool-admits-it',
    'agentdispatchrun/stack-is-ready',
    'agentdispatchrun/workspace-is-its-own',
    'kradleartifact/target-is-allowed',
    'artifactdownload/record-stays',
    'artifactdownload/version-is-of-the-feed',
    'artifactversion/publisher-may-write',
    'artifactversion/type-is-the-feeds',
    'ci-work/pool-takes-it',
    'external-activity/binding-is-of-the-provider',
    'external-activity/owner-leads',
    'externalwriteintent/approval-is-not-waived',
    'externalwriteintent/binding-writes',
    'externalwriteintent/carries-no-secret',
    'externalwriteintent/decision-is-permitted',
    'issue/comments-are-their-authors',
    'job/follows-its-pipeline',
    'pullrequest/merge-is-ready',
    'webhookdelivery/people-only-replay',
    'agentstack/approval-mode-is-safe',
    'agentstack/mcp-servers-admit-it',
    'agenttriggerrule/labels-admit-sources',
    'externalbackendbinding/interfaces-are-supported',
    'externalbackendprovider/type-is-known',
    'externalbackendprovider/webhook-is-verified',
    'kradleinferenceservice/runtime-supports-format',
    'org-scoped/name-is-normalised',
    'org-scoped/object-is-small',
    'org-scoped/references-exist',
    'platform-scoped/namespace-is-the-platforms',
    'stack-part/writer-may-use-the-account',
  ]
  t.strictSame(
    newer.filter(name => !refused.has(name)),
    [],
    'each of these had something to refuse',
  )
  t.strictSame(
    [...byKind.keys()].filter(kind => !taken.has(kind)),
    [],
    'and of each kind something passed',
  )
})
