import { versions } from '#hack/versions.ts'
import type { Settings } from './settings.ts'

export const artefactNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
] as const
export type ArtefactName = (typeof artefactNames)[number]

/** What has to be known to find, fetch, build and recognise one binary. */
export type Artefact = {
  readonly name: string
  readonly version: string
  readonly versionArguments: readonly string[]
  readonly module: string
  readonly package: string
  readonly ldflags: string
}

/** An artefact whose project releases binaries. */
export type Released = Artefact & {
  /** The file to fetch, the file that lists its checksum, and the member to take out if it is an archive. */
  download(settings: Settings): { url: string; checksums: string; member?: string }
}

export function artefact(name: ArtefactName): Released {
  return name === 'etcd' ? etcd() : kubernetes(name)
}

/** The version a binary says it has, always with its `v`. */
export function versionIn(output: string): string | undefined {
  const found =
    /(?:etcd|client) version:\s*v?(\S+)|(?:kubernetes|kind) v(\S+)|\bVersion:"v([^"+]+)/i.exec(
      output,
    )
  const version = found?.[1] ?? found?.[2] ?? found?.[3]
  return version && `v${version}`
}

function etcd(): Released {
  const version = versions.etcd
  return {
    name: 'etcd',
    version,
    versionArguments: ['--version'],
    module: 'go.etcd.io/etcd/server/v3',
    package: 'go.etcd.io/etcd/server/v3',
    ldflags: '-s -w',
    download({ etcdDownloads, os, arch }) {
      const folder = `etcd-${version}-${os}-${arch}`
      return {
        url: `${etcdDownloads}/${version}/${folder}.${os === 'darwin' ? 'zip' : 'tar.gz'}`,
        checksums: `${etcdDownloads}/${version}/SHA256SUMS`,
        member: `${folder}/etcd`,
      }
    },
  }
}

function kubernetes(name: ArtefactName): Released {
  const version = versions.kubernetes
  const [major, minor] = version.slice(1).split('.')
  const stamp = 'k8s.io/component-base/version'
  return {
    name,
    version,
    versionArguments: name === 'kubectl' ? ['version', '--client'] : ['--version'],
    module: 'k8s.io/kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`,
    download({ kubernetesDownloads, os, arch }) {
      const url = `${kubernetesDownloads}/${version}/bin/${os}/${arch}/${name}`
      return { url, checksums: `${url}.sha256` }
    },
  }
}
