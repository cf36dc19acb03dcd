import fc from 'fast-check'
import { applyPatch } from 'rfc6902'
import t from 'tap'
import { kinds } from '#src/api/kinds.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { LABEL_ORG } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { admissionRequest, binding, cluster, objectOf, request, team } from '#test/fixtures.ts'
import { decide, fillIn, isNeverBlocked, NAMESPACE_CONTROLLER } from '#webhooks/decide.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry } from '#webhooks/registry.ts'
import { readRequest } from '#webhooks/request.ts'
import { deny, mutation, rule, warn, type Rule } from '#webhooks/rule.ts'

const shipped = registry(rules, mutations)
const create = request('CREATE', Team, team())
const on = (decision: Rule['decide']) =>
  rule({ kinds: [Team], operations: ['CREATE', 'UPDATE'], enforces: ['R28'], decide: decision })

t.test('allows a complete object without a word', async t => {
  t.strictSame(decide(create, cluster(binding()), shipped), {
    allowed: true,
    reasons: [],
    warnings: [],
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
  for (const [what, write] of Object.entries(free))
    t.equal(decide(write, cluster(), refuse).allowed, true, what)
  const bound: Record<string, ReturnType<typeof update>> = {
    spec: update(({ spec }) => (spec.displayName = 'x')),
    'the organisation label': update(({ metadata }) => (metadata.labels = {})),
    'a label of ours': update(
      ({ metadata }) => (metadata.labels = { ...metadata.labels, 'kradle.a5c.ai/repository': '' }),
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
      fc.constantFrom(...kinds),
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
