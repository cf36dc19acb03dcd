import { BlockList, isIPv4 } from 'node:net'

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

interface Peer {
  readonly ipBlock?: { readonly cidr: string }
  readonly podSelector?: Selector
  readonly namespaceSelector?: Selector
}

interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly {
    readonly port?: number
    readonly endPort?: number
    readonly protocol?: string
  }[]
}

export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: {
    readonly podSelector: Selector
    readonly policyTypes: readonly string[]
    readonly ingress?: readonly Rule[]
    readonly egress?: readonly Rule[]
  }
}

export type Labels = Readonly<Record<string, string>>

/** One end of a connection: a Pod, or just an address. */
export interface End {
  readonly ip: string
  readonly pod?: {
    readonly namespace: string
    readonly labels: Labels
    readonly namespaceLabels: Labels
  }
}

/**
 * The policies by which this Pod may talk over TCP to the port (its own where `inbound`), or undefined where none has a say.
 * A list without names: nobody lets it.
 */
export function allowing(
  policies: readonly NetworkPolicy[],
  pod: { readonly namespace: string; readonly labels: Labels },
  inbound: boolean,
  other: End,
  port: number,
): string[] | undefined {
  const direction = inbound ? 'Ingress' : 'Egress'
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      matches(spec.podSelector, pod.labels),
  )
  if (selecting.length === 0) return undefined
  return selecting
    .filter(({ spec, metadata }) =>
      ((inbound ? spec.ingress : spec.egress) ?? []).some(rule =>
        lets(rule, inbound ? rule.from : rule.to, other, port, metadata.namespace),
      ),
    )
    .map(({ metadata }) => metadata.name)
}

function lets(
  { ports }: Rule,
  peers: readonly Peer[] | undefined,
  other: End,
  port: number,
  namespace: string,
): boolean {
  const atPort =
    ports === undefined ||
    ports.some(({ port: first = 0, endPort = first || 65_535, protocol = 'TCP' }) => {
      return protocol === 'TCP' && port >= first && port <= endPort
    })
  return atPort && (peers === undefined || peers.some(peer => isPeer(peer, other, namespace)))
}

function isPeer(
  { ipBlock, podSelector, namespaceSelector }: Peer,
  { ip, pod }: End,
  namespace: string,
): boolean {
  if (ipBlock) return contains(ipBlock.cidr, ip)
  if (!pod) return false
  const inNamespace = namespaceSelector
    ? matches(namespaceSelector, pod.namespaceLabels)
    : pod.namespace === namespace
  return inNamespace && matches(podSelector ?? {}, pod.labels)
}

function contains(cidr: string, ip: string): boolean {
  const network = cidr.slice(0, cidr.indexOf('/'))
  const family = isIPv4(network) ? 'ipv4' : 'ipv6'
  if (family !== (isIPv4(ip) ? 'ipv4' : 'ipv6')) return false
  const block = new BlockList()
  block.addSubnet(network, Number(cidr.slice(network.length + 1)), family)
  return block.check(ip, family)
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key]
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      const among = value !== undefined && values.includes(value)
      return operator === 'In' ? among : !among
    })
  )
}
