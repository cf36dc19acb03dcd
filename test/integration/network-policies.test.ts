import { readFileSync } from 'node:fs'
import t from 'tap'
import { versions } from '#hack/versions.ts'
import { LABEL_COMPONENT } from '#src/api/names.ts'
import { helm, objectsIn, type Rendered } from '#test/support/chart.ts'
import { flowsOf } from '#test/support/network-table.ts'

// What docs/network.md says, and what the chart lets through, as the real Helm renders it.

interface Peer {
  readonly ipBlock?: { readonly cidr: string }
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> }
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> }
}
interface Port {
  /** Left out: any. */
  readonly port?: number
  readonly protocol: string
}
interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly Port[]
}
interface Policy {
  readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> }
  readonly ingress?: readonly Rule[]
  readonly egress?: readonly Rule[]
}

/** Each peer is known by an address of its own. */
const addresses: Readonly<Record<string, string>> = {
  '192.0.2.1/32': 'api-servers',
  '192.0.2.2/32': 'api-servers',
  '192.0.2.3/32': 'postgresql',
  '169.254.20.10/32': 'dns',
  '169.254.169.254/32': 'dns',
}
const flags = [
  ['networkPolicies.apiServerCidrs={192.0.2.1/32}'],
  ['networkPolicies.apiServerClientCidrs={192.0.2.2/32}'],
  ['networkPolicies.postgresqlCidrs={192.0.2.3/32}'],
].flatMap(([value]) => ['--set', value!])

function nameOf({ ipBlock, namespaceSelector, podSelector }: Peer): string {
  if (ipBlock) return addresses[ipBlock.cidr] ?? ipBlock.cidr
  if (podSelector?.matchLabels?.['k8s-app'] === 'kube-dns') return 'dns'
  if (namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === 'monitoring')
    return 'metrics-readers'
  return (
    podSelector?.matchLabels?.[LABEL_COMPONENT] ??
    JSON.stringify({ namespaceSelector, podSelector })
  )
}

function letThrough({ spec }: Rendered): string[] {
  const { podSelector, ingress = [], egress = [] } = spec as unknown as Policy
  const self = podSelector.matchLabels[LABEL_COMPONENT] ?? '*'
  const lines = (rules: readonly Rule[], line: (peer: string) => string) =>
    rules.flatMap(({ from, to, ports = [] }) =>
      (from ?? to ?? [undefined]).flatMap(peer =>
        ports.map(({ port = '1-65535', protocol }) =>
          [line(peer ? nameOf(peer) : 'any'), port, protocol].join(' '),
        ),
      ),
    )
  return [...lines(ingress, peer => `${peer} ${self}`), ...lines(egress, peer => `${self} ${peer}`)]
}

const { template } = await helm(versions.kubernetes)
const told = flowsOf(readFileSync('docs/network.md', 'utf8'))
  .map(({ from, to, port, protocol }) => [from, to, port, protocol].join(' '))
  .toSorted()

for (const postgresql of ['evaluation.enabled=true', 'existingSecret.name=database'])
  t.test(`with postgresql.${postgresql}`, async t => {
    const rendered = await template(...flags, '--set', `postgresql.${postgresql}`)
    const policies = objectsIn(rendered).filter(({ kind }) => kind === 'NetworkPolicy')
    t.strictSame([...new Set(policies.flatMap(letThrough))].toSorted(), told)
    const everybody = policies.find(({ metadata }) => metadata.name === 'kradle')
    t.match(everybody?.spec, { ingress: [], egress: [], policyTypes: ['Ingress', 'Egress'] })
  })

/** By their names, as these values of `networkPolicies` have them. */
const policiesWith = async (values: object): Promise<ReadonlyMap<string, Policy>> => {
  const rendered = await template(
    '--set',
    'postgresql.existingSecret.name=database',
    '--set-json',
    `networkPolicies=${JSON.stringify(values)}`,
  )
  return new Map(
    objectsIn(rendered)
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map(({ metadata, spec }) => [metadata.name, spec as unknown as Policy]),
  )
}

t.test('anywhere is said by naming nobody, which nodes are too', async t => {
  const policies = await policiesWith({})
  t.strictSame(policies.get('kradle-processes')?.egress?.[1], {
    ports: [443, 6443].map(port => ({ port, protocol: 'TCP' })),
  })
  for (const [name, port] of [
    ['webhook', 9443],
    ['apiserver', 6443],
  ] as const)
    t.strictSame(policies.get(`kradle-${name}`)?.ingress, [{ ports: [{ port, protocol: 'TCP' }] }])
})

t.test('an empty list opens nothing that was closed', async t => {
  t.strictSame((await policiesWith({ metricsFrom: [] })).get('kradle-processes')?.ingress, [])
  await t.rejects(policiesWith({ apiServerPorts: [] }), /apiServerPorts/)
  await t.rejects(policiesWith({ dns: { ports: [] } }), /dns/)
})

t.test('everything can be narrowed', async t => {
  const policies = await policiesWith({
    postgresqlCidrs: ['192.0.2.3/32'],
    webhookCidrs: ['192.0.2.4/32'],
    webhookPorts: [9443],
    dns: { ports: [5353], peers: [{ namespaceSelector: {} }] },
    metricsFrom: [{ matchLabels: { team: 'observability' } }],
  })
  const { ingress = [], egress = [] } = policies.get('kradle-processes')!
  t.strictSame(ingress[0]?.from, [
    { namespaceSelector: { matchLabels: { team: 'observability' } } },
  ])
  t.strictSame(egress[0], {
    ports: [
      { port: 5353, protocol: 'UDP' },
      { port: 5353, protocol: 'TCP' },
    ],
    to: [{ namespaceSelector: {} }],
  })
  t.strictSame(policies.get('kradle-apiserver')?.egress, [
    { ports: [{ port: 5432, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '192.0.2.3/32' } }] },
    { ports: [{ port: 9443, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '192.0.2.4/32' } }] },
  ])
})

t.test('without them nothing is rendered', async t => {
  const rendered = await template(
    ...['networkPolicies.enabled=false', 'postgresql.evaluation.enabled=true'].flatMap(value => [
      '--set',
      value,
    ]),
  )
  t.notMatch(rendered, 'kind: NetworkPolicy')
})
