import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kyvernoArtefact } from '#hack/local/kyverno/artefacts.ts'
import { moduleFolder } from '#hack/local/kyverno/modules.ts'
import type { Settings } from '#hack/local/settings.ts'
import { withoutRemote } from './without-remote.ts'

/** Kyverno's own chart, out of its Go module; or what $KYVERNO_CHART names. */
export async function kyvernoChart(settings: Settings): Promise<string> {
  const chosen = settings.env['KYVERNO_CHART']
  if (chosen) return chosen
  const { module, version } = kyvernoArtefact('admission')
  const folder = join(settings.cache, 'kind', `kyverno-${version}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Modules in Go's cache are read-only, folders too.
  cpSync(join(await moduleFolder(module, version, settings), 'charts/kyverno'), folder, {
    recursive: true,
    mode: 0,
  })
  rmSync(join(folder, 'Chart.lock'), { force: true })
  const file = join(folder, 'Chart.yaml')
  writeFileSync(file, withoutRemote(readFileSync(file, 'utf8')))
  return folder
}
