import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { documents } from '#hack/local/manifests.ts'
import { quiet } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { resolveHelm } from '#hack/local/tools.ts'
import type { KubernetesObject } from '#src/api/object.ts'

const repository = resolve(import.meta.dirname, '../..')
const chart = 'charts/kradle'

/** The fields of rendered objects that tests look into. */
export interface Rendered extends KubernetesObject {
  readonly spec?: Readonly<Record<string, unknown>>
}

export interface Helm {
  /** What it would install, without its definitions; throws what it says. */
  readonly template: (...flags: string[]) => Promise<string>
  readonly lint: (...flags: string[]) => Promise<string>
}

/** The real Helm on the chart; `kubernetes` is the version it takes the cluster for. */
export async function helm(kubernetes: string): Promise<Helm> {
  const binary = await resolveHelm(settingsFrom(process.env, repository), quiet)
  const run = async (...args: string[]) => {
    const options = { cwd: repository, maxBuffer: 64 * 1024 * 1024 }
    try {
      return (await promisify(execFile)(binary, args, options)).stdout
    } catch (error) {
      const { stderr, stdout } = error as { stderr: string; stdout: string }
      throw new Error(stderr + stdout, { cause: error })
    }
  }
  const namespace = ['--namespace', 'kradle-system']
  return {
    template: (...flags) =>
      run('template', 'kradle', chart, ...namespace, '--kube-version', kubernetes, ...flags),
    lint: (...flags) =>
      run('lint', chart, '--strict', ...namespace, '--kube-version', kubernetes, ...flags),
  }
}

export const objectsIn = (text: string): Rendered[] => documents(text, chart)
