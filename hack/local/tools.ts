import { versions } from '#hack/versions.ts'
import type { Artefact } from './artefacts.ts'
import { resolveBinary } from './binaries.ts'
import type { Progress } from './progress.ts'
import type { Settings } from './settings.ts'

/** What installs the chart. Of exactly this version on PATH, since another writes other manifests. */
export const helm: Artefact = {
  name: 'helm',
  version: versions.helm,
  versionArguments: ['version'],
  module: 'helm.sh/helm/v3',
  package: 'helm.sh/helm/v3/cmd/helm',
  ldflags: `-s -w -X helm.sh/helm/v3/internal/version.version=${versions.helm}`,
}

/** What makes clusters of containers. */
export const kind: Artefact = {
  name: 'kind',
  version: versions.kind,
  versionArguments: ['version'],
  module: 'sigs.k8s.io/kind',
  package: 'sigs.k8s.io/kind',
  ldflags: '-s -w',
}

/** The path of helm, which is built into the cache where it is not there: two minutes. Rejects with Problem. */
export const resolveHelm = (settings: Settings, progress: Progress): Promise<string> =>
  resolveBinary(helm, settings, progress)

/** The same of kind. */
export const resolveKind = (settings: Settings, progress: Progress): Promise<string> =>
  resolveBinary(kind, settings, progress)
