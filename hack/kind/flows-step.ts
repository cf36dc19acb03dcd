import { setTimeout as sleep } from 'node:timers/promises'
import { command } from '#hack/command.ts'
import { LABEL_COMPONENT } from '#src/api/names.ts'
import { textTable } from '#src/lib/text-table.ts'
import { connectionsIn } from './connections.ts'
import { allowing, type End, type Labels, type NetworkPolicy } from './policy-allows.ts'
import { Findings, Skipped } from './report.ts'
import type { Stand } from './stand.ts'

const NAMESPACE = 'kradle-system'
const EVERY_MS = 5_000

interface Named {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Labels }
}
interface Pod extends Named {
  readonly spec: { readonly nodeName?: string; readonly hostNetwork?: boolean }
  readonly status: { readonly podIP?: string; readonly hostIP?: string }
}
interface Service extends Named {
  readonly spec: {
    readonly clusterIP?: string
    readonly selector?: Labels
    readonly ports?: readonly { readonly port: number; readonly targetPort: number | string }[]
  }
}

/** A kind of connection, and the policies that let it; what kubelet asks of Pods on its node is let by nobody and always. */
interface Flow {
  readonly component: string
  readonly inbound: boolean
  readonly other: string
  readonly port: number
  readonly by: readonly string[] | undefined
}

const seen = new Map<string, Flow>()

/** Notes the connections of Kradle's Pods from now until it is stopped. */
export function watchFlows(stand: Stand): { stop: () => Promise<void> } {
  const over = new AbortController()
  const loop = (async () => {
    while (!over.signal.aborted) {
      // Pods and nodes come and go in a drill.
      await sample(stand).catch(() => {})
      await sleep(EVERY_MS)
    }
  })()
  return {
    async stop() {
      over.abort()
      await loop
    },
  }
}

/** What was seen, against the NetworkPolicies: this cluster's network may not enforce them. */
export async function flowsSeen(stand: Stand): Promise<readonly string[]> {
  await sample(stand)
  if (seen.size === 0) throw new Skipped('no connection was seen')
  const flows = [...seen.values()]
  const lines = textTable(
    ['component', '', 'other', 'port', 'let by'],
    flows.map(({ component, inbound, other, port, by }) => ({
      cells: [
        component,
        inbound ? 'from' : 'to',
        other,
        String(port),
        by?.join(', ') || (by ? 'NOBODY' : 'no policy'),
      ],
    })),
  ).toSorted()
  if (flows.some(({ by }) => !by || by.length === 0)) throw new Findings(lines)
  return lines
}

async function sample(stand: Stand): Promise<void> {
  const [pods, services, namespaces, policies] = [
    await listed<Pod>(stand, 'pods'),
    await listed<Service>(stand, 'services'),
    await listed<Named>(stand, 'namespaces'),
    await listed<NetworkPolicy>(stand, 'networkpolicies'),
  ]
  const namespaceLabels = new Map(
    namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  )
  const ofIp = (ip: string) =>
    pods.find(({ spec, status }) => status.podIP === ip && !spec.hostNetwork)
  const endOf = (ip: string, pod = ofIp(ip)): End => ({
    ip,
    ...(pod && {
      pod: {
        namespace: pod.metadata.namespace,
        labels: pod.metadata.labels ?? {},
        namespaceLabels: namespaceLabels.get(pod.metadata.namespace) ?? {},
      },
    }),
  })
  // Policies are about Pods, not about the address of a Service in front of them.
  const behind = (ip: string, port: number): { other: End; port: number } => {
    const service = services.find(({ spec }) => spec.clusterIP === ip)
    const wanted = Object.entries(service?.spec.selector ?? {})
    const pod =
      wanted.length > 0
        ? pods.find(({ metadata }) =>
            wanted.every(([key, value]) => metadata.labels?.[key] === value),
          )
        : undefined
    if (!pod) return { other: endOf(ip), port }
    const target = service?.spec.ports?.find(each => each.port === port)?.targetPort
    return { other: endOf(pod.status.podIP ?? ip, pod), port: Number(target) || port }
  }
  const tables = await Promise.all(
    stand.nodes.map(node => command('docker', ['exec', node, 'sh', '-c', TABLES])),
  )
  for (const connection of tables.flatMap(connectionsIn)) {
    const pod = ofIp(connection.localIp)
    if (pod?.metadata.namespace !== NAMESPACE) continue
    const { inbound, remoteIp, localPort, remotePort } = connection
    const { other, port } = inbound
      ? { other: endOf(remoteIp), port: localPort }
      : behind(remoteIp, remotePort)
    const labels = pod.metadata.labels ?? {}
    const by =
      inbound && isOwnNode(remoteIp, pod)
        ? ['kubelet']
        : allowing(policies, { namespace: NAMESPACE, labels }, inbound, other, port)
    const flow = {
      component: labels[LABEL_COMPONENT] ?? '',
      inbound,
      other: nameOf(other, pods),
      port,
      by,
    }
    seen.set(JSON.stringify([flow.component, inbound, flow.other, port]), flow)
  }
}

/** Of kubelet, or of the gateway by which the node reaches its Pods. */
const isOwnNode = (ip: string, { status }: Pod): boolean =>
  ip === status.hostIP || ip === status.podIP?.replace(/\.\d+$/, '.1')

function nameOf({ ip, pod }: End, pods: readonly Pod[]): string {
  if (pod)
    return `${pod.namespace}/${pod.labels[LABEL_COMPONENT] ?? pod.labels['k8s-app'] ?? 'pod'}`
  if (pods.some(({ status }) => status.hostIP === ip)) return 'node'
  return ip.startsWith('10.96.') ? 'service' : ip.startsWith('10.244.') ? 'pod network' : ip
}

/** The tables of every network namespace on a node, each once. */
const TABLES = `seen=
for p in /proc/[0-9]*; do
  n=$(readlink $p/ns/net) || continue
  case "$seen" in *"$n"*) continue;; esac
  seen="$seen $n"
  cat $p/net/tcp $p/net/tcp6 2>/dev/null
done
true`

async function listed<T>({ kubectl, env }: Stand, kind: string): Promise<T[]> {
  const list = await command(kubectl, ['get', kind, '-A', '-o', 'json'], { env })
  return (JSON.parse(list) as { items: T[] }).items
}
