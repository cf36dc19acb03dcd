import type { Artefact } from '#hack/local/artefacts.ts'
import { versions } from '#hack/versions.ts'

/** Kyverno's controllers, each a process of its own. */
export const kyvernoNames = ['admission', 'background', 'reports', 'cleanup'] as const
export type KyvernoName = (typeof kyvernoNames)[number]

/** What a controller is called in the cluster: its process, its ServiceAccount, its Lease (see `leaseName`). */
export const controllerName = (name: KyvernoName): string => `kyverno-${name}-controller`

/** The Lease that it renews while it works. */
export const leaseName = (name: KyvernoName): string =>
  name === 'admission' ? 'kyverno' : controllerName(name)

export const kyvernoArtefact = (name: KyvernoName): Artefact =>
  name === 'admission'
    ? built('kyverno', 'kyverno')
    : built(controllerName(name), `${name}-controller`)

/** Judges files by policies, without a cluster. */
export const kyvernoCli: Artefact = built('kubectl-kyverno', 'cli/kubectl-kyverno')

/** In the order to build them: what the first compiles is most of what the others need. */
export const kyvernoArtefacts: readonly Artefact[] = [
  ...kyvernoNames.map(kyvernoArtefact),
  kyvernoCli,
]

/** Kyverno is released as images only, hence no download. */
function built(name: string, command: string): Artefact {
  return {
    name,
    version: versions.kyverno,
    // They have no such flag and say so at once; without any they would begin to serve.
    versionArguments: ['--version'],
    module: 'github.com/kyverno/kyverno',
    package: `github.com/kyverno/kyverno/cmd/${command}`,
    ldflags: '-s -w',
  }
}
