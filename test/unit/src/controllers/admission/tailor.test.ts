import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '#src/api/object.ts'
import { AS_SHIPPED } from '#src/controllers/admission/strictness.ts'
import { tailored } from '#src/controllers/admission/tailor.ts'

const object = (kind: string, rest: object = {}) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'kradle' },
  ...rest,
})
const webhooks = [{ name: 'mutate.kradle.a5c.ai', clientConfig: {} }]
const shipped = [
  object('MutatingWebhookConfiguration', { webhooks }),
  object('ValidatingWebhookConfiguration', { webhooks }),
  object('MutatingAdmissionPolicy'),
]
const old = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

t.test(
  'a cluster without MutatingAdmissionPolicy gets the mutating webhook for everything',
  async t => {
    t.strictSame(tailored(shipped, old), shipped.slice(0, 2))
  },
)

t.test('one with it gets the webhook for what is in no organisation', async t => {
  const [mutating, ...others] = tailored(shipped, [...old, 'MutatingAdmissionPolicy'])
  t.match(mutating, {
    webhooks: [
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kradle.a5c.ai/org', operator: 'DoesNotExist' }],
        },
      },
    ],
  })
  t.strictSame(others, shipped.slice(1))
})

t.test('is as strict as the operator wants it', async t => {
  const name = 'validate.kradle.a5c.ai'
  const configuration = object('ValidatingWebhookConfiguration', {
    webhooks: [
      { name, failurePolicy: 'Fail', timeoutSeconds: 5 },
      { name: 'other', failurePolicy: 'Fail', timeoutSeconds: 5 },
    ],
  })
  const [lenient] = tailored([configuration], old, {
    failurePolicies: new Map([[name, 'Ignore']]),
    timeoutSeconds: new Map([[name, 30]]),
    exempt: [],
  })
  t.match(lenient, {
    webhooks: [
      { name, failurePolicy: 'Ignore', timeoutSeconds: 30 },
      { name: 'other', failurePolicy: 'Fail', timeoutSeconds: 5 },
    ],
  })
})

t.test(
  'exempt namespaces are not judged, but for what would make them an organisation’s',
  async t => {
    const elsewhere = {
      key: 'kubernetes.io/metadata.name',
      operator: 'NotIn',
      values: ['kube-system'],
    }
    const rule = (group: string, ...resources: string[]) => ({ apiGroups: [group], resources })
    const kind = 'ValidatingAdmissionPolicy'
    const policy = (matchConstraints?: object) => object(kind, { spec: { matchConstraints } })
    const exempt = (each: KubernetesObject) =>
      tailored([each], [kind, ...old], { ...AS_SHIPPED, exempt: ['kube-system'] })[0]
    const label = { key: 'kradle.a5c.ai/org', operator: 'Exists' }

    t.match(exempt(policy({ resourceRules: [rule('apps', '*')] })), {
      spec: { matchConstraints: { namespaceSelector: { matchExpressions: [elsewhere] } } },
    })
    t.match(
      exempt(
        policy({
          namespaceSelector: { matchExpressions: [label] },
          resourceRules: [rule('', 'pods', 'pods/ephemeralcontainers')],
        }),
      ),
      {
        spec: { matchConstraints: { namespaceSelector: { matchExpressions: [label, elsewhere] } } },
      },
    )
    const webhook = { name: 'w', clientConfig: {}, rules: [rule('batch', 'jobs')] }
    t.match(exempt(object('ValidatingWebhookConfiguration', { webhooks: [webhook] })), {
      webhooks: [{ ...webhook, namespaceSelector: { matchExpressions: [elsewhere] } }],
    })
    for (const always of [
      rule('*', '*/*'),
      rule('kradle.a5c.ai', 'teams'),
      rule('activity.kradle.a5c.ai', 'issues/status'),
      rule('', 'namespaces/status'),
      rule('', 'namespaces'),
      rule('', '*'),
    ]) {
      const each = policy({ resourceRules: [rule('apps', 'deployments'), always] })
      t.strictSame(exempt(each), each)
      const rules = { ...webhook, rules: [always] }
      const configuration = object('ValidatingWebhookConfiguration', { webhooks: [rules] })
      t.strictSame(exempt(configuration), configuration)
    }
    t.strictSame(exempt(policy()), policy())
    t.match(exempt(policy({ resourceRules: [{}] })), {
      spec: { matchConstraints: { namespaceSelector: { matchExpressions: [elsewhere] } } },
    })
  },
)

t.test('of what is shipped, workloads and rights can be exempt, and tenancy cannot', async t => {
  const shippedPolicies = globSync('charts/kradle/admission/*.yaml')
    .toSorted()
    .flatMap(file => parseAllDocuments(readFileSync(file, 'utf8')))
    .map(document => document.toJS() as KubernetesObject)
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
  // run-identity.yaml and others name kube-system in their own words, so the name is one that nobody else has.
  const strictness = { ...AS_SHIPPED, exempt: ['some-namespace'] }
  const changed = tailored(shippedPolicies, ['ValidatingAdmissionPolicy'], strictness).filter(
    each => JSON.stringify(each).includes('some-namespace'),
  )
  t.strictSame(
    changed.map(({ metadata }) => metadata.name),
    [
      'kradle-agent-bindings',
      'kradle-agent-identity',
      'kradle-agent-tokens',
      'kradle-census',
      'kradle-controller-revisions',
      'kradle-policy-objects',
      'kradle-run-identity',
    ],
  )
})
