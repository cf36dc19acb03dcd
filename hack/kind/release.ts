import { command, type CommandOptions } from '#hack/command.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'

export interface ReleaseOptions {
  readonly helm: string
  readonly kubeconfig: string
  readonly chart: string
  readonly image: string
  /** Further `--set`. */
  readonly values?: readonly string[]
}

const loud: CommandOptions = { loud: true }

/** What the chart is told on a cluster for tests: the one place that knows. */
function valuesOf(image: string, more: readonly string[]): string[] {
  const [repository = '', tag = ''] = image.split(':')
  return [
    `image.repository=${repository}`,
    `image.tag=${tag}`,
    'postgresql.evaluation.enabled=true',
    // A pass of a scan is part of what is tested, and nobody waits for five minutes.
    'scan.intervalSeconds=30',
    ...more,
  ].flatMap(value => ['--set', value])
}

/** Installs the chart, or brings the release to it. Does not wait for Deployments. */
export async function installRelease(options: ReleaseOptions): Promise<void> {
  const { helm, kubeconfig, chart, image, values = [] } = options
  const where = ['--namespace', PLATFORM_NAMESPACE, '--kubeconfig', kubeconfig]
  await command(
    helm,
    [
      'upgrade',
      '--install',
      'kradle',
      chart,
      ...where,
      '--create-namespace',
      ...valuesOf(image, values),
      '--timeout',
      '10m',
    ],
    loud,
  )
}

/** Takes it away, hooks included. */
export async function uninstallRelease({
  helm,
  kubeconfig,
}: Pick<ReleaseOptions, 'helm' | 'kubeconfig'>): Promise<void> {
  const where = ['--namespace', PLATFORM_NAMESPACE, '--kubeconfig', kubeconfig]
  await command(helm, ['uninstall', 'kradle', ...where, '--wait', '--timeout', '5m'], loud)
}
