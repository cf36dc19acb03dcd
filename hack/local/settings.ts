import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Problem } from './problem.ts'

/** Everything the environment decides, read once. */
export type Settings = {
  readonly home: string
  readonly cache: string
  readonly os: 'linux' | 'darwin'
  readonly arch: 'amd64' | 'arm64'
  /** $KUBEBUILDER_ASSETS: a folder of binaries somebody chose on purpose. */
  readonly assets: string | undefined
  readonly kubernetesDownloads: string
  readonly etcdDownloads: string
  /** For the processes we start; never consulted for settings again. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export type Machine = { platform: string; arch: string; user: string }

const systems: Record<string, Settings['os']> = { linux: 'linux', darwin: 'darwin' }
const architectures: Record<string, Settings['arch']> = { x64: 'amd64', arm64: 'arm64' }

export const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  user: homedir(),
}

export function settingsFrom(
  env: Settings['env'],
  repository: string,
  machine: Machine = thisMachine,
): Settings {
  const os = systems[machine.platform]
  const arch = architectures[machine.arch]
  if (!os || !arch) {
    throw new Problem(
      `a local cluster runs on linux or macOS, x64 or arm64, not on ${machine.platform} ${machine.arch}`,
    )
  }
  return Object.freeze({
    home: resolve(env['KRADLE_HOME'] || join(repository, '.kradle')),
    cache: resolve(
      env['KRADLE_CACHE'] || join(env['XDG_CACHE_HOME'] || join(machine.user, '.cache'), 'kradle'),
    ),
    os,
    arch,
    assets: env['KUBEBUILDER_ASSETS'] || undefined,
    kubernetesDownloads: base(env['KRADLE_KUBERNETES_DOWNLOADS'] || 'https://dl.k8s.io'),
    etcdDownloads: base(
      env['KRADLE_ETCD_DOWNLOADS'] || 'https://github.com/etcd-io/etcd/releases/download',
    ),
    env,
  })
}

function base(url: string): string {
  return url.replace(/\/+$/, '')
}
