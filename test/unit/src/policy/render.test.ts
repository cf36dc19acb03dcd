import t from 'tap'
import { render, type RenderSource } from '#src/policy/render.ts'
import { exceptionOf } from '#src/policy/exception.ts'
import {
  binding,
  exceptionRequest,
  namespace,
  platformTemplate,
  profile,
  pullRequests,
  template,
} from '#test/fixtures-policy.ts'
import { now } from '#test/fixtures.ts'

const of = (source: Partial<RenderSource>) =>
  render({ template: template(), binding: binding(), profile: undefined, now, ...source })
const specOf = (source: Partial<RenderSource>) => of(source).policy!.spec

t.test('a binding becomes one policy, that it owns', async t => {
  const { policy, problems, rollout } = of({
    template: template({}, { category: 'Pull requests', remediation: ' Say\n  more. ' }),
    profile: profile(),
    exceptions: [
      exceptionOf({ request: exceptionRequest(), binding: binding(), template: template() })!,
    ],
  })
  t.strictSame(problems, [])
  t.strictSame(rollout, { mode: 'enforce' })
  t.match(policy, {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'NamespacedValidatingPolicy',
    metadata: {
      name: 'kradle-acme-core',
      namespace,
      labels: { 'kradle.a5c.ai/policy-binding': 'core' },
      annotations: {
        'kradle.a5c.ai/policy-template': 'kradle-org-acme/titles',
        'kradle.a5c.ai/profile': 'standard',
        'kradle.a5c.ai/exceptions': /^1-/,
        'policies.kyverno.io/title': 'Titles say something',
        'policies.kyverno.io/category': 'Pull requests',
        'policies.kyverno.io/severity': 'low',
        'policies.kyverno.io/subject': 'PullRequest',
      },
      ownerReferences: [
        { kind: 'PolicyBinding', name: 'core', uid: 'uid-of-core', controller: true },
      ],
    },
    spec: {
      matchConstraints: pullRequests,
      validations: [
        {
          expression:
            '(has(object.spec)\n) || exceptions.allowedValues.exists(v, time.now() < timestamp(v))',
          message: 'Titles say something [core: titles] Say more.',
        },
      ],
      validationActions: ['Deny'],
      failurePolicy: 'Fail',
      evaluation: { admission: { enabled: true }, background: { enabled: true } },
      autogen: { podControllers: { controllers: [] } },
      variables: [],
    },
  })
  t.notOk(policy!.spec.matchConditions)
})

t.test('what only reports gets in nobody’s way', async t => {
  t.match(specOf({ binding: binding({ mode: 'audit' }) }), {
    validationActions: ['Audit'],
    failurePolicy: 'Ignore',
  })
})

t.test(
  'what happens when Kyverno is down is for the template to say, then for the profile',
  async t => {
    const open = template({}, { rolloutDefaults: { mode: 'audit', failurePolicy: 'failOpen' } })
    t.match(specOf({ template: open }), { failurePolicy: 'Ignore' })
    t.match(specOf({ profile: profile({ failurePolicy: 'failOpen' }) }), {
      failurePolicy: 'Ignore',
    })
  },
)

t.test('parameters and target come before what the template has of its own', async t => {
  const own = template(
    {
      matchConditions: [{ name: 'own', expression: 'true' }],
      variables: [{ name: 'twice', expression: 'variables.least * 2' }],
      validations: [
        {
          expression: 'size(object.spec.title) > variables.twice // so',
          messageExpression: '"x" // y',
          reason: 'Invalid',
        },
        { expression: 'true', message: 'No. ' },
      ],
    },
    { parameters: [{ name: 'least', type: 'integer', required: true }] },
  )
  t.match(
    specOf({
      template: own,
      binding: binding({ parameters: { least: 3 }, target: { repositories: ['app'] } }),
    }),
    {
      matchConditions: [{ name: 'kradle-repositories' }, { name: 'own' }],
      variables: [{ name: 'least', expression: '3' }, { name: 'twice' }],
      validations: [
        {
          messageExpression: '("x" // y\n) + " [core: titles]"',
          reason: 'Invalid',
          message: undefined,
        },
        { message: 'No. [core: titles]' },
      ],
    },
  )
})

t.test('says what is wrong instead', async t => {
  const { policy, absent, problems } = of({
    template: template({ validations: [{ expression: 'nothing' }] }),
    binding: binding({ parameters: { x: 1 } }),
  })
  t.strictSame([policy, absent], [undefined, undefined])
  t.match(problems, [{ rule: 'R203' }, { rule: 'R205' }])
})

t.test('a suspended binding has none', async t => {
  t.match(of({ binding: binding({ suspend: true }) }), {
    policy: undefined,
    absent: { reason: 'Suspended' },
    problems: [],
  })
})

t.test('what cannot only report is not there before it enforces', async t => {
  const own = template(
    { mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '[]' } }] },
    {},
    'Mutating',
  )
  t.match(of({ template: own, binding: binding({ mode: 'audit' }) }), {
    policy: undefined,
    absent: { reason: 'AuditOnly', message: /Mutating/ },
  })
  t.strictSame(specOf({ template: own }), {
    matchConstraints: pullRequests,
    mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '[]' } }],
    evaluation: { admission: { enabled: true } },
    autogen: { podControllers: { controllers: [] } },
    failurePolicy: 'Fail',
    variables: [],
  })
})

t.test('other types have what their kinds have', async t => {
  const generating = platformTemplate(
    {
      generate: [{ expression: 'generator.apply([])' }],
      evaluation: { synchronize: { enabled: true } },
    },
    {},
    'Generating',
  )
  t.match(specOf({ template: generating }), {
    evaluation: { synchronize: { enabled: true }, admission: { enabled: true } },
    autogen: undefined,
    failurePolicy: undefined,
  })
  const pods = {
    resourceRules: [
      { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['pods'] },
    ],
  }
  const deleting = platformTemplate(
    {
      matchConstraints: pods,
      conditions: [{ name: 'old', expression: 'true' }],
      schedule: '0 * * * *',
    },
    { targetKinds: ['Pod'] },
    'Deleting',
  )
  t.match(specOf({ template: deleting, binding: binding({ target: { environments: ['dev'] } }) }), {
    matchConstraints: pods,
    conditions: [
      {
        name: 'kradle-environments',
        expression:
          'object.?metadata.?labels[?"kradle.a5c.ai/environment"].orValue("") in ["", "dev"]',
      },
      { name: 'kradle-finished', expression: /Archived/ },
      { name: 'old', expression: 'true' },
    ],
    schedule: '0 * * * *',
    variables: [],
  })
  const images = platformTemplate(
    { validations: [{ expression: 'images.containers.size() > 0' }] },
    {},
    'ImageValidating',
  )
  t.match(specOf({ template: images }), {
    validations: [{ expression: 'images.containers.size() > 0' }],
  })
})

t.test('what an object lacks that nobody stored is made up', async t => {
  const { namespace: _, uid: __, ...metadata } = binding().metadata
  const own = template()
  const { namespace: ___, ...home } = own.metadata
  const { rolloutDefaults: ____, ...spec } = own.spec
  const { policy } = of({
    binding: { ...binding(), metadata },
    template: { ...own, metadata: home, spec: spec as typeof own.spec },
  })
  t.match(policy!.metadata, {
    namespace,
    annotations: { 'kradle.a5c.ai/policy-template': 'kradle-system/titles' },
    ownerReferences: [{ uid: '' }],
  })
})
