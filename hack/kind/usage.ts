/** Of one container, as the container runtime of its node counts it. */
export interface Usage {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** Bytes that cannot be taken away without harm. */
  readonly workingSet: number
  /** Of processor time since it started, in seconds. */
  readonly cpuSeconds: number
}

interface Stats {
  readonly stats?: readonly {
    readonly attributes: { readonly labels: Readonly<Record<string, string>> }
    readonly cpu?: { readonly usageCoreNanoSeconds?: { readonly value?: string } }
    readonly memory?: { readonly workingSetBytes?: { readonly value?: string } }
  }[]
}

/** What `crictl stats -o json` says. */
export function usageIn(json: string): Usage[] {
  const { stats = [] } = JSON.parse(json) as Stats
  return stats.map(({ attributes: { labels }, cpu, memory }) => ({
    namespace: labels['io.kubernetes.pod.namespace'] ?? '',
    pod: labels['io.kubernetes.pod.name'] ?? '',
    container: labels['io.kubernetes.container.name'] ?? '',
    workingSet: Number(memory?.workingSetBytes?.value ?? 0),
    cpuSeconds: Number(cpu?.usageCoreNanoSeconds?.value ?? 0) / 1e9,
  }))
}

/** A row per container name: how many, MiB of all of them together, and of the largest. */
export interface Row {
  readonly name: string
  readonly pods: number
  readonly mebibytes: number
  readonly largest: number
  readonly cpuSeconds: number
}

export function rowsOf(usage: readonly Usage[]): Row[] {
  // One that ended, and was started again, is still listed.
  const running = usage.filter(({ workingSet }) => workingSet > 0)
  return [...Map.groupBy(running, ({ container }) => container)]
    .map(([name, list]) => ({
      name,
      pods: list.length,
      mebibytes: sum(list.map(({ workingSet }) => workingSet)) / 2 ** 20,
      largest: Math.max(...list.map(({ workingSet }) => workingSet)) / 2 ** 20,
      cpuSeconds: sum(list.map(({ cpuSeconds }) => cpuSeconds)),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
