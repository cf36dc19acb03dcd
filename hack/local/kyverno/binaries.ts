import { findBinary, resolveBinary } from '#hack/local/binaries.ts'
import type { Progress } from '#hack/local/progress.ts'
import { quiet } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { kyvernoArtefact, kyvernoCli, kyvernoNames, type KyvernoName } from './artefacts.ts'

export type KyvernoBinaries = Readonly<Record<KyvernoName, string>>

/** Finds the binaries of these processes, or builds them into the cache, which takes minutes. */
export async function resolveKyverno(
  names: readonly KyvernoName[],
  settings: Settings,
  progress: Progress,
): Promise<KyvernoBinaries> {
  const paths: [KyvernoName, string][] = []
  // One after the other: each build keeps every core busy.
  for (const name of names)
    paths.push([name, await resolveBinary(kyvernoArtefact(name), settings, progress)])
  return Object.fromEntries(paths) as KyvernoBinaries
}

/** Everything of Kyverno: its processes and `kubectl-kyverno`. */
export async function resolveAllOfKyverno(
  settings: Settings,
  progress: Progress,
): Promise<readonly string[]> {
  const processes = await resolveKyverno(kyvernoNames, settings, progress)
  return [...Object.values(processes), await resolveBinary(kyvernoCli, settings, progress)]
}

/** Whether its processes could start at once. */
export async function hasKyverno(settings: Settings): Promise<boolean> {
  for (const name of kyvernoNames)
    if ((await findBinary(kyvernoArtefact(name), settings, quiet)) === undefined) return false
  return true
}
