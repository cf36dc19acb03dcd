import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { binding, cluster, objectOf, request, team, now } from '#test/fixtures.ts'
import rule from '#webhooks/org-scoped/namespace-is-bound.ts'

const deleting = { deletionTimestamp: now.toISOString() }
const cases = {
  'allows an object of the organisation that the namespace is bound to': {
    object: team('acme'),
    objects: [binding('acme')],
  },
  'allows an object that leaves its organisation out': {
    object: team('acme', { metadata: { labels: {} }, spec: { organizationRef: undefined } }),
    objects: [binding('acme')],
  },
  'denies a namespace that no organisation has': {
    object: team('acme', { metadata: { namespace: 'default' } }),
    objects: [binding('acme')],
    want: { field: 'metadata.namespace', value: 'default' },
  },
  'denies the namespace of an organisation that is not bound yet': {
    object: team('acme'),
    objects: [],
    want: { field: 'metadata.namespace', value: 'kradle-org-acme', fix: /get organization acme/ },
  },
  'denies a namespace whose binding is going': {
    object: team('acme'),
    objects: [binding('acme', deleting)],
    want: { field: 'metadata.namespace', value: 'kradle-org-acme' },
  },
  'denies the namespace of a binding that names another namespace': {
    object: team('acme'),
    objects: [{ ...binding('acme'), spec: { organizationRef: 'acme', namespace: 'kradle-org-x' } }],
    want: { field: 'metadata.namespace', value: 'kradle-org-acme' },
  },
  'denies an organizationRef of another organisation': {
    object: team('acme', { spec: { organizationRef: 'globex' } }),
    objects: [binding('acme'), binding('globex')],
    want: { field: 'spec.organizationRef', value: 'globex', fix: /write "acme"/ },
  },
  'denies an empty organizationRef': {
    object: team('acme', { spec: { organizationRef: '' } }),
    objects: [binding('acme')],
    want: { field: 'spec.organizationRef', value: '' },
  },
  'denies a label of another organisation': {
    object: team('acme', { metadata: { labels: { 'kradle.a5c.ai/org': 'globex' } } }),
    objects: [binding('acme')],
    want: { field: 'metadata.labels[kradle.a5c.ai/org]', value: 'globex' },
  },
}

for (const [name, { object, objects, ...rest }] of Object.entries(cases))
  t.test(name, async t => {
    const findings = rule.decide(request('CREATE', Team, object), cluster(...objects))
    t.match(findings, 'want' in rest ? [{ type: 'deny', ...rest.want }] : [])
    t.equal(findings.length, 'want' in rest ? 1 : 0)
  })

t.test(
  'asks for the binding of the namespace, freshly where the watch does not know it',
  async t => {
    t.match(rule.lookups?.(request('CREATE', Team, team('acme'))), [
      { name: 'acme', namespace: 'kradle-system', fresh: 'on-miss' },
    ])
    const elsewhere = team('acme', { metadata: { namespace: 'default' } })
    t.strictSame(rule.lookups?.(request('CREATE', Team, elsewhere)), [])
  },
)

t.test('takes a template of the platform in kradle-system, and no other object', async t => {
  const template = (organization?: string, label?: string) =>
    objectOf(PolicyTemplate, {
      metadata: {
        name: 'title',
        namespace: 'kradle-system',
        labels: label === undefined ? {} : { 'kradle.a5c.ai/org': label },
      },
      spec: organization === undefined ? {} : { organizationRef: organization },
    } as never)
  const judged = (kind: typeof PolicyTemplate | typeof Team, object = template()) =>
    rule.decide(request('CREATE', kind, object), cluster())
  t.strictSame(judged(PolicyTemplate), [])
  t.match(judged(PolicyTemplate, template('acme')), [
    {
      field: 'spec.organizationRef',
      value: 'acme',
      fix: /create the template in "kradle-org-acme"/,
    },
  ])
  t.match(judged(PolicyTemplate, template(undefined, 'acme')), [
    { field: 'metadata.labels[kradle.a5c.ai/org]', value: 'acme' },
  ])
  t.match(judged(Team), [{ field: 'metadata.namespace', value: 'kradle-system' }])
})
