import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '#hack/local/problem.ts'
import type { Settings } from '#hack/local/settings.ts'
import { kyvernoArtefact } from './artefacts.ts'
import { requiredVersion } from './required-version.ts'

/** The folders of the Go modules that hold Kyverno's definitions and those of reports, fetched when they are not there yet. */
export async function definitionFolders(settings: Settings): Promise<readonly string[]> {
  const { module, version } = kyvernoArtefact('admission')
  const kyverno = await moduleFolder(module, version, settings)
  const goMod = readFileSync(join(kyverno, 'go.mod'), 'utf8')
  // Some types have modules of their own; Kyverno's go.mod says which versions it was built with.
  const required = async (name: string) => {
    const its = requiredVersion(name, goMod)
    if (!its) throw new Problem(`${module} ${version} does not require ${name}`)
    return moduleFolder(name, its, settings)
  }
  return [
    ...['kyverno', 'policyreport', 'reports'].map(name => join(kyverno, 'config/crds', name)),
    join(await required('github.com/kyverno/api'), 'config/crds'),
    join(await required('github.com/openreports/reports-api'), 'config/crd'),
  ]
}

/** Where Go keeps the source of a module, fetched where it is not there yet. Rejects with Problem. */
export async function moduleFolder(
  module: string,
  version: string,
  settings: Settings,
): Promise<string> {
  const wanted = `${module}@${version}`
  try {
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', wanted], {
      // Outside any module: a go.mod or go.work above us must not take part.
      cwd: '/',
      env: { ...settings.env, GOFLAGS: '-mod=mod', GOWORK: 'off', GOTOOLCHAIN: 'local' },
      maxBuffer: 1 << 20,
    })
    return (JSON.parse(stdout) as { Dir: string }).Dir
  } catch (cause) {
    throw new Problem(`fetching ${wanted} with Go failed: ${(cause as Error).message}`, { cause })
  }
}
