import t from 'tap'
import { exceptionOf, isOver, withExceptions } from '#src/policy/exception.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { binding, exceptionRequest, platformTemplate, template } from '#test/fixtures-policy.ts'

const request = exceptionRequest()

t.test('names the one policy, and matches namespace, kind and name exactly', async t => {
  t.strictSame(exceptionOf({ request, binding: binding(), template: template() }), {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'PolicyException',
    metadata: {
      name: 'kradle-acme-importer',
      namespace: 'kradle-system',
      labels: {
        'kradle.a5c.ai/org': 'acme',
        'kradle.a5c.ai/policy-binding': 'core',
        'app.kubernetes.io/managed-by': 'kradle',
        'kradle.a5c.ai/policy-exception-request': 'importer',
      },
    },
    spec: {
      policyRefs: [{ name: 'kradle-acme-core', kind: 'NamespacedValidatingPolicy' }],
      matchConditions: [
        { name: 'namespace', expression: 'request.namespace == "kradle-org-acme"' },
        {
          name: 'resources',
          expression:
            '(request.kind.group in ["activity.kradle.a5c.ai"] && request.kind.kind == "PullRequest" && request.name == "pr-1")',
        },
      ],
      allowedValues: ['2026-11-30T23:00:00Z'],
      expiresAt: '2026-11-30T23:00:00Z',
    },
  })
})

t.test(
  'several resources are told apart, and a kind that the template does not name is none',
  async t => {
    const resources = [
      { kind: 'Job', name: 'a' },
      { kind: 'Secret', name: 'b' },
    ]
    const own = template({}, { targetKinds: ['batch/Job'] })
    const { spec } = exceptionOf({
      request: exceptionRequest({ resources }),
      binding: binding(),
      template: own,
    })!
    t.equal(
      spec.matchConditions![1]!.expression,
      '(request.kind.group in ["batch"] && request.kind.kind == "Job" && request.name == "a") || ' +
        '(request.kind.group in [] && request.kind.kind == "Secret" && request.name == "b")',
    )
  },
)

t.test('there is none for everything', async t => {
  const of = (source: typeof request) =>
    exceptionOf({ request: source, binding: binding(), template: template() })
  t.equal(of(exceptionRequest({ resources: [] })), undefined)
  const { resources: _, ...spec } = request.spec
  t.equal(of({ ...request, metadata: { name: 'x' }, spec }), undefined)
})

t.test(
  'a policy that deletes knows of no request, and one that does not validate of no time',
  async t => {
    const own = platformTemplate({}, { targetKinds: ['Pod', 'KradleWorkspace'] }, 'Deleting')
    const resources = [
      { kind: 'Pod', name: 'a' },
      { kind: 'KradleWorkspace', name: 'b' },
    ]
    const { spec } = exceptionOf({
      request: { ...exceptionRequest({ resources }), metadata: { name: 'x' } },
      binding: binding(),
      template: own,
    })!
    t.notHas(spec, { allowedValues: [] })
    t.match(spec.policyRefs, [{ kind: 'NamespacedDeletingPolicy' }])
    t.strictSame(spec.matchConditions, [
      { name: 'namespace', expression: 'object.?metadata.?namespace.orValue("") == ""' },
      {
        name: 'resources',
        expression:
          '(object.?apiVersion.orValue("") in ["v1"] && object.?kind.orValue("") == "Pod" && object.?metadata.?name.orValue("") == "a") || ' +
          '(object.?apiVersion.orValue("") in ["kradle.a5c.ai/v1alpha1"] && object.?kind.orValue("") == "KradleWorkspace" && object.?metadata.?name.orValue("") == "b")',
      },
    ])
  },
)

t.test('is over at the very second', async t => {
  t.notOk(isOver(request, new Date('2026-11-30T22:59:59.999Z')))
  t.ok(isOver(request, new Date('2026-11-30T23:00:00Z')))
})

t.test('a policy says which it has, in any order', async t => {
  const policy: KyvernoPolicy = {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'NamespacedValidatingPolicy',
    metadata: { name: 'x', annotations: { 'kradle.a5c.ai/exceptions': 'old', a: 'b' } },
    spec: {},
  }
  const [one, two] = ['one', 'two'].map(name =>
    exceptionOf({ request: exceptionRequest({}, name), binding: binding(), template: template() })!,
  )
  const says = (...exceptions: NonNullable<typeof one>[]) =>
    withExceptions(policy, exceptions).metadata.annotations
  t.strictSame(says(), { a: 'b' })
  t.match(says(one!), { 'kradle.a5c.ai/exceptions': /^1-[0-9a-f]{16}$/ })
  t.strictSame(says(one!, two!), says(two!, one!))
  t.not(says(one!)!['kradle.a5c.ai/exceptions'], says(two!)!['kradle.a5c.ai/exceptions'])
  const { annotations: _, ...metadata } = policy.metadata
  t.strictSame(withExceptions({ ...policy, metadata }, []).metadata.annotations, {})
})
