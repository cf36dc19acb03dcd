import t from 'tap'
import { allowing, type End, type NetworkPolicy } from '#hack/kind/policy-allows.ts'

const policy = (name: string, spec: Partial<NetworkPolicy['spec']>): NetworkPolicy => ({
  metadata: { name, namespace: 'kradle-system' },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ...spec },
})
const ours = (component: string) => ({ namespace: 'kradle-system', labels: { component } })
const end = (ip: string, namespace?: string, labels: Record<string, string> = {}): End => ({
  ip,
  ...(namespace !== undefined && {
    pod: { namespace, labels, namespaceLabels: { name: namespace } },
  }),
})

const policies = [
  policy('nobody', { ingress: [], egress: [] }),
  policy('api', {
    podSelector: {
      matchExpressions: [{ key: 'component', operator: 'NotIn', values: ['postgresql'] }],
    },
    egress: [
      {
        to: [{ ipBlock: { cidr: '10.96.0.0/16' } }, { ipBlock: { cidr: 'fd00::/8' } }],
        ports: [{ port: 443 }],
      },
    ],
  }),
  policy('database', {
    podSelector: { matchLabels: { component: 'postgresql' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { component: 'apiserver' } } }],
        ports: [{ port: 5432, protocol: 'TCP' }],
      },
    ],
  }),
  policy('names', {
    egress: [
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { dns: 'yes' } } }],
        ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }],
      },
    ],
  }),
  policy('metrics', {
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }] }],
  }),
  policy('any', {
    podSelector: {
      matchExpressions: [{ key: 'component', operator: 'In', values: ['apiserver'] }],
    },
    egress: [{ ports: [{ port: 1, endPort: 65_535 }] }],
  }),
  policy('port-less', {
    podSelector: { matchExpressions: [{ key: 'component', operator: 'DoesNotExist' }] },
    egress: [{ ports: [{ protocol: 'TCP' }] }],
  }),
]

for (const [what, component, inbound, other, port, want] of [
  ['the API server', 'webhook', false, end('10.96.0.1'), 443, ['api']],
  ['by its newer address', 'webhook', false, end('fd00::1'), 443, ['api']],
  ['on another port', 'webhook', false, end('10.96.0.1'), 80, []],
  ['somebody else', 'webhook', false, end('1.2.3.4'), 443, []],
  ['names, of somebody else', 'webhook', false, end('1.2.3.4'), 53, []],
  ['PostgreSQL itself does not', 'postgresql', false, end('10.96.0.1'), 443, []],
  [
    'from kradle-apiserver',
    'postgresql',
    true,
    end('10.244.0.9', 'kradle-system', { component: 'apiserver' }),
    5432,
    ['database'],
  ],
  [
    'from elsewhere',
    'postgresql',
    true,
    end('10.244.0.9', 'default', { component: 'apiserver' }),
    5432,
    [],
  ],
  ['names', 'webhook', false, end('10.244.0.3', 'kube-system', { dns: 'yes' }), 53, ['names']],
  ['metrics', 'webhook', true, end('10.244.0.3', 'monitoring'), 8080, ['metrics']],
  ['anybody', 'apiserver', false, end('1.2.3.4'), 8443, ['any']],
] as const)
  t.strictSame(allowing(policies, ours(component), inbound, other, port), want, what)

t.test('one that no policy selects may do as it likes', async t => {
  const free = { namespace: 'default', labels: {} }
  t.equal(allowing(policies, free, true, end('1.2.3.4'), 1), undefined)
  const unlabelled = { namespace: 'kradle-system', labels: {} }
  t.strictSame(allowing(policies, unlabelled, false, end('1.2.3.4'), 9), ['port-less'])
})

t.test('a policy may ask for a label to be there, and leave its rules out', async t => {
  const exists = policy('exists', {
    podSelector: { matchExpressions: [{ key: 'component', operator: 'Exists' }] },
    policyTypes: ['Egress'],
  })
  t.strictSame(allowing([exists], ours('x'), false, end('1.2.3.4'), 1), [])
  const whole = policy('whole', { egress: [{ to: [{ namespaceSelector: {} }] }] })
  t.strictSame(allowing([whole], ours('x'), false, end('10.0.0.1', 'default'), 1), ['whole'])
  const odd = policy('odd', { egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })
  t.strictSame(allowing([odd], ours('x'), false, end('10.0.0.1'), 1), ['odd'])
})
