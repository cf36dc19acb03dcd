import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { command } from '#hack/command.ts'
import { definitionFolders } from '#hack/local/kyverno/modules.ts'
import type { Settings } from '#hack/local/settings.ts'
import { kyvernoChart } from './kyverno-chart.ts'
import type { Provider } from './provider.ts'

export interface StockTools {
  readonly kind: string
  readonly helm: string
  readonly kubectl: string
}

/** By kind itself, with the images that it and the charts name. $KIND_NODE_IMAGE selects another node. */
export function stock({ kind, helm, kubectl }: StockTools, settings: Settings): Provider {
  const run = (file: string, ...args: string[]) => command(file, args, { loud: true })
  const kubeconfigOf = (name: string) => join(settings.cache, 'kind', `${name}.kubeconfig`)
  return {
    base: 'node:24-bookworm-slim',
    path: [dirname(kind), dirname(helm), dirname(kubectl)],
    extraImages: [],
    async prepareBase() {},
    async create(name) {
      const kubeconfig = kubeconfigOf(name)
      mkdirSync(dirname(kubeconfig), { recursive: true })
      const clusters = await command(kind, ['get', 'clusters'])
      if (clusters.split('\n').includes(name)) {
        const nodes = (await command(kind, ['get', 'nodes', '--name', name])).split('\n')
        await run('docker', 'start', ...nodes.filter(Boolean))
        await run(kind, 'export', 'kubeconfig', '--name', name, '--kubeconfig', kubeconfig)
      } else {
        const image = settings.env['KIND_NODE_IMAGE']
        const flags = ['--name', name, '--kubeconfig', kubeconfig, '--wait', '3m', '--config', '-']
        await command(kind, ['create', 'cluster', ...flags, ...(image ? ['--image', image] : [])], {
          loud: true,
          input: TWO_NODES,
        })
      }
      await run(kubectl, ...waiting(kubeconfig))
      return kubeconfig
    },
    async load(name, images) {
      for (const image of images) await run(kind, 'load', 'docker-image', '--name', name, image)
    },
    async installKyverno(kubeconfig, flags) {
      const [chart, folders] = [await kyvernoChart(settings), await definitionFolders(settings)]
      const api = folders.filter(folder => folder.includes('/api@'))
      const apply = ['apply', '--server-side', '--force-conflicts', '--kubeconfig', kubeconfig]
      for (const folder of api) await run(kubectl, ...apply, '-f', folder)
      const where = ['--namespace', 'kyverno', '--create-namespace', '--kubeconfig', kubeconfig]
      const own = ['--set', 'crds.migration.enabled=false', '--wait', '--timeout', '5m', ...flags]
      await run(helm, 'upgrade', '--install', 'kyverno', chart, ...where, ...own)
    },
    async delete(name) {
      await run(kind, 'delete', 'cluster', '--name', name, '--kubeconfig', kubeconfigOf(name))
    },
  }
}

const waiting = (kubeconfig: string) => [
  'wait',
  'node',
  '--all',
  '--for=condition=Ready',
  '--timeout=180s',
  '--kubeconfig',
  kubeconfig,
]

const TWO_NODES = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
  - role: worker
`
