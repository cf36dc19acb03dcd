import { dirname, resolve } from 'node:path'
import { artefact } from '#hack/local/artefacts.ts'
import { resolveBinary } from '#hack/local/binaries.ts'
import type { Progress } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { resolveHelm, resolveKind } from '#hack/local/tools.ts'
import { offline } from './offline.ts'
import type { Options } from './options.ts'
import type { Provider } from './provider.ts'
import { stock } from './stock.ts'

/** What all steps work with. */
export interface Stand {
  readonly repository: string
  readonly options: Options
  readonly provider: Provider
  readonly helm: string
  readonly kubectl: string
  readonly image: string
  /** For programs: KUBECONFIG of the cluster is added once there is one. */
  readonly env: Record<string, string>
  readonly nodes: readonly string[]
  readonly progress: Progress
  kubeconfig: string
}

export async function standFor(options: Options, progress: Progress): Promise<Stand> {
  const repository = resolve(import.meta.dirname, '../..')
  const settings = settingsFrom(process.env, repository)
  const tools = process.env['KRADLE_KIND_TOOLS']
  const helm = await resolveHelm(settings, progress)
  const kubectl = await resolveBinary(artefact('kubectl'), settings, progress)
  const provider = tools
    ? offline(tools, process.env)
    : stock({ kind: await resolveKind(settings, progress), helm, kubectl }, settings)
  const { name } = options
  const path = [resolve(repository, 'node_modules/.bin'), dirname(kubectl), ...provider.path]
  return {
    repository,
    options,
    provider,
    helm,
    kubectl,
    image: 'kradle/kradle:kind',
    env: {
      PATH: [...path, process.env['PATH'] ?? ''].join(':'),
      KUBECTL: kubectl,
      KRADLE_HELM: helm,
      KRADLE_IMAGE: 'kradle/kradle:kind',
      KRADLE_IMAGE_BASE: provider.base,
      KRADLE_KIND_CLUSTER: name,
      KRADLE_KIND_LOAD: tools
        ? `${tools}/load-images ${name}`
        : `kind load docker-image --name ${name}`,
      KRADLE_KIND_REPAIR: tools ? `${tools}/create-cluster --name ${name}` : '',
    },
    nodes: [`${name}-control-plane`, `${name}-worker`],
    progress,
    kubeconfig: '',
  }
}
