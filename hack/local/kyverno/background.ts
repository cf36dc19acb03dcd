import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, resolve } from 'node:path'
import { requireGo } from '#hack/local/build.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { homeAt, logFile } from '#hack/local/home.ts'
import { logTail } from '#hack/local/log-tail.ts'
import { Problem } from '#hack/local/problem.ts'
import { elapsed, type Progress } from '#hack/local/progress.ts'
import { kyvernoArtefact } from './artefacts.ts'
import { hasKyverno } from './binaries.ts'
import { installKyverno, startKyverno, type Kyverno } from './kyverno.ts'

/** Kyverno on its way beside a cluster that does not wait for it. */
export type Joining = { stop(): Promise<void>; forceStop(): void }

/**
 * Starts Kyverno, builds it first where it has to be, and says how that goes.
 *
 * Never rejects: a cluster without Kyverno is one without policies, and goes on.
 */
export function joinKyverno(controlPlane: ControlPlane, progress: Progress): Joining {
  const begun = Date.now()
  const stopping = new AbortController()
  let kyverno: Kyverno | undefined
  const join = async () => {
    const built = await hasKyverno(controlPlane.settings)
    // Asked first: where there is none, that is the one thing to say.
    if (!built) await requireGo(kyvernoArtefact('admission'), controlPlane.settings)
    // Its kinds at once, so that what is written for it can be stored.
    await installKyverno(controlPlane)
    stopping.signal.throwIfAborted()
    if (!built) await build(controlPlane, progress, stopping.signal)
    kyverno = await startKyverno(controlPlane, { progress, signal: stopping.signal })
    progress.line(`Kyverno is ready (${elapsed(Date.now() - begun)})`)
  }
  const done = join().catch((error: Error) => {
    if (!stopping.signal.aborted)
      progress.line(`no Kyverno, hence no policies of its: ${error.message}`)
  })
  return {
    async stop() {
      stopping.abort()
      await done
      await kyverno?.stop()
    },
    forceStop() {
      stopping.abort()
      kyverno?.forceStop()
    },
  }
}

const main = resolve(import.meta.dirname, '../main.ts')

/** As a process of its own, which can be ended, and which leaves the processor to whoever works meanwhile. */
async function build(
  { settings, home }: ControlPlane,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await requireGo(kyvernoArtefact('admission'), settings)
  const log = logFile(homeAt(home), 'kyverno-build')
  progress.line(`building Kyverno meanwhile, about ten minutes; see ${log}`)
  mkdirSync(dirname(log), { recursive: true })
  const file = openSync(log, 'w')
  const child = spawn(process.execPath, [main, 'binaries', '--kyverno'], {
    env: { ...settings.env, KRADLE_CACHE: settings.cache },
    stdio: ['ignore', file, file],
    // Ctrl-C is ours to pass on.
    detached: true,
  })
  closeSync(file)
  if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  // It takes its compilers along, which SIGKILL would not.
  const end = () => void child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  process.once('exit', end)
  try {
    const code = await new Promise<number | string | null>((done, fail) => {
      child.once('error', fail).once('exit', (status, how) => done(status ?? how))
    })
    if (code !== 0)
      throw new Problem(`building it failed (${code}), see ${log}:\n${logTail(log, 3)}`)
  } finally {
    process.off('exit', end)
    signal.removeEventListener('abort', end)
  }
}
