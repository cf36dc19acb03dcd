import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { settingsFrom } from '#hack/local/settings.ts'
import type { Kind } from '#src/api/kind.ts'

/** What an informer of client-go knows; see test/informer/main.go. */
export interface Report {
  readonly synced: boolean
  /** resourceVersion by namespace/name. */
  readonly objects: Readonly<Record<string, string>>
  /** What no server may do: an event twice, or out of order. */
  readonly faults: readonly string[] | null
  readonly lists: number
  readonly streams: number
  readonly watches: number
  readonly events: number
}

export interface Informer {
  report(): Promise<Report>
  /** SIGSTOP and SIGCONT: away for a while, and back. */
  signal(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

const source = resolve(import.meta.dirname, '../informer')

/** The program, built once for every state of its source; undefined where there is no Go to build it with. */
export async function informerProgram(): Promise<string | undefined> {
  const hash = createHash('sha256')
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(source, file)))
  const folder = join(settingsFrom(process.env, '.').cache, 'test')
  const program = join(folder, `informer-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, '.informer-'))
  const go = promisify(execFile)
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GOWORK: 'off',
  }
  try {
    await go('go', ['version'])
    await go('go', ['build', '-trimpath', '-o', join(work, 'informer'), '.'], { cwd: source, env })
    renameSync(join(work, 'informer'), program)
    return program
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Starts one. `watchList` decides whether it asks for the present state by a watch, as client-go does by default, or by lists. */
export function startInformer(
  program: string,
  { kubeconfig, kind, watchList }: { kubeconfig: string; kind: Kind; watchList: boolean },
): Informer {
  const child = spawn(
    program,
    [
      ['--kubeconfig', kubeconfig],
      ['--group', kind.group],
      ['--version', kind.version],
      ['--resource', kind.plural],
    ].flat(),
    {
      env: { ...process.env, KUBE_FEATURE_WatchListClient: String(watchList) },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const waiting: ((line: string) => void)[] = []
  createInterface(child.stdout).on('line', line => waiting.shift()?.(line))
  const exited = new Promise<void>(done => child.once('exit', () => done()))
  return {
    report: () =>
      new Promise((answer, reject) => {
        waiting.push(line => answer(JSON.parse(line) as Report))
        child.stdin.write('\n', error => error && reject(error))
      }),
    signal: signal => void child.kill(signal),
    async stop() {
      child.stdin.end()
      child.kill('SIGCONT')
      await exited
    },
  }
}
