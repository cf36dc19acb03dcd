import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDatabaseFolder } from './database-folder.ts'
import { contents, homeAt, logFile } from './home.ts'
import { stopLeftovers } from './leftovers.ts'
import { alreadyRunning } from './next-steps.ts'
import { isAlive } from './process-identity.ts'
import type { Progress } from './progress.ts'
import type { Settings } from './settings.ts'
import { onStop } from './signals.ts'
import { runningSupervisor } from './supervisor.ts'

const stopWithin = 60_000

/** Starts a supervisor of its own session, with these arguments of Node's, and shows what it says until it is ready or gone. */
export async function up(
  settings: Settings,
  progress: Progress,
  supervise: readonly string[],
): Promise<number> {
  const home = homeAt(settings.home)
  const running = runningSupervisor(home)
  if (running) {
    progress.line(alreadyRunning(running.pid, home.kubeconfig))
    return 0
  }
  mkdirSync(home.logs, { recursive: true })
  const log = logFile(home, 'supervisor')
  const begin = existsSync(log) ? statSync(log).size : 0
  const file = openSync(log, 'a')
  const child = spawn(process.execPath, [...supervise], {
    env: { ...settings.env },
    stdio: ['ignore', file, file],
    detached: true,
  })
  closeSync(file)
  const stopListening = onStop(
    () => child.kill('SIGTERM'),
    () => child.kill('SIGKILL'),
  )
  const show = follower(log, begin, progress)
  try {
    for (;;) {
      const gone = child.exitCode ?? child.signalCode
      const ready = runningSupervisor(home)?.ready
      show()
      if (gone !== null) {
        progress.line(`not started, see ${log}`)
        return 1
      }
      if (ready) return 0
      await sleep(100)
    }
  } finally {
    stopListening()
    child.unref()
  }
}

export async function down(settings: Settings, progress: Progress): Promise<number> {
  const home = homeAt(settings.home)
  const running = runningSupervisor(home)
  if (running) {
    progress.line(`stopping pid ${running.pid}`)
    send(running.pid, 'SIGTERM')
    const patience = Date.now() + stopWithin
    while (isAlive(running)) {
      if (Date.now() > patience) send(running.pid, 'SIGKILL')
      await sleep(100)
    }
  }
  await stopLeftovers(home.run, progress.line)
  progress.line(running ? 'stopped' : `nothing runs in ${home.root}`)
  return 0
}

/** Deletes what a cluster has made, and only that: $KRADLE_HOME may be a folder with other things in it. */
export async function reset(settings: Settings, progress: Progress): Promise<number> {
  await down(settings, progress)
  const home = homeAt(settings.home)
  const removed = contents(home).filter(path => existsSync(path))
  removeDatabaseFolder(home.postgres)
  for (const path of removed) rmSync(path, { recursive: true, force: true })
  progress.line(
    removed.length > 0 ? `removed ${removed.join(', ')}` : `nothing to remove in ${home.root}`,
  )
  progress.line(`kept the binaries in ${settings.cache}`)
  return 0
}

/** Passes on what was added to a log since the last call. */
function follower(log: string, begin: number, progress: Progress): () => void {
  let seen = begin
  return () => {
    const fresh = readFileSync(log).subarray(seen)
    const end = fresh.lastIndexOf('\n') + 1
    if (end === 0) return
    seen += end
    progress.line(fresh.toString('utf8', 0, end - 1))
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone in between.
  }
}
