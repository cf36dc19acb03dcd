import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '#hack/local/problem.ts'
import type { Settings } from '#hack/local/settings.ts'
import { kyvernoArtefact } from './artefact.ts'
import { requiredVersion } from './required-version.ts'

/** The folders of the Go modules that hold Kyverno's definitions, fetched when they are not there yet. */
export async function definitionFolders(settings: Settings): Promise<readonly string[]> {
  const { module, version } = kyvernoArtefact
  const kyverno = await moduleFolder(module, version, settings)
  // The types of policies.kyverno.io have a module of their own; Kyverno's go.mod says which version it was built with.
  const api = 'github.com/kyverno/api'
  const apiVersion = requiredVersion(api, readFileSync(join(kyverno, 'go.mod'), 'utf8'))
  if (!apiVersion) throw new Problem(`${module} ${version} does not require ${api}`)
  const policies = await moduleFolder(api, apiVersion, settings)
  return [
    ...['kyverno', 'policyreport', 'reports'].map(name => join(kyverno, 'config/crds', name)),
    join(policies, 'config/crds'),
  ]
}

async function moduleFolder(module: string, version: string, settings: Settings): Promise<string> {
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
