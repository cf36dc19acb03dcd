import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { apiClient } from '#hack/local/api.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { keepAccess } from '#hack/local/tokens.ts'

/** What a hook said, line by line, and how it ended. */
export interface HookRun {
  readonly code: number
  readonly lines: readonly Record<string, unknown>[]
  /** All that it complained of. */
  readonly errors: readonly string[]
}

/** Runs hooks as Helm would: each as its own account, with the rights that the chart gives it. */
export async function hookRunner(controlPlane: ControlPlane) {
  const { server, adminCertificate, adminKubeconfig, kubectl } = controlPlane
  const home = mkdtempSync(join(tmpdir(), 'kradle-hooks-'))
  const run = promisify(execFile)
  const rights = ['--kubeconfig', adminKubeconfig, 'apply', '-f', 'charts/kradle/files/hooks.yaml']
  await run(kubectl, rights)
  const api = apiClient(server, adminCertificate)

  const hook = async (name: string, ...flags: readonly string[]): Promise<HookRun> => {
    const access = await keepAccess({
      api,
      account: name,
      folder: join(home, name),
      server,
      ca: adminCertificate.ca,
      report: () => {},
    })
    access.stop()
    const args = [`src/cmd/${name}.ts`, '--kubeconfig', access.kubeconfig, ...flags]
    const { code, stdout } = await run(process.execPath, args).then(
      said => ({ code: 0, ...said }),
      (error: { code: number; stdout: string }) => error,
    )
    const lines = stdout
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as Record<string, unknown>)
    const errors = lines.filter(({ level }) => level === 'error').map(({ msg }) => String(msg))
    return { code, lines, errors }
  }
  return {
    hook,
    close: () => {
      api.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
