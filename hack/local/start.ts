import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { homeAt } from './home.ts'
import { alreadyRunning, nextSteps } from './next-steps.ts'
import type { Progress } from './progress.ts'
import type { Settings } from './settings.ts'
import { onStop } from './signals.ts'
import { startStack, type StackOptions } from './stack.ts'
import { becomeSupervisor, sayReady } from './supervisor.ts'

export type StartOptions = StackOptions & {
  /** Whether nobody watches: it then says how to stop it by a command. */
  readonly background: boolean
}

/** Starts everything, says how to use it, and stays until it is asked to stop. Returns the exit code. */
export async function start(
  settings: Settings,
  progress: Progress,
  { background, ...options }: StartOptions,
): Promise<number> {
  const home = homeAt(settings.home)
  const lock = becomeSupervisor(home)
  if (!('release' in lock)) {
    progress.line(alreadyRunning(lock.pid, home.kubeconfig))
    return 1
  }
  // Before it is ready there is no order to keep: leaving at once takes the children and a build along.
  const leaveAtOnce = () => {
    progress.line('stopped before it was ready')
    lock.release()
    process.exit(130)
  }
  const stopListening = onStop(leaveAtOnce, leaveAtOnce)
  try {
    const stack = await startStack(settings, progress, options)
    stopListening()
    const stopped = untilStopped(stack, progress)
    progress.line(
      nextSteps({
        kubeconfig: stack.kubeconfig,
        kubectl: stack.kubectl,
        kubectlOnPath: isOnPath('kubectl', settings),
        logs: home.logs,
        background,
      }),
    )
    sayReady(home)
    return await stopped
  } finally {
    stopListening()
    lock.release()
  }
}

function untilStopped(
  stack: { stop(): Promise<void>; forceStop(): void },
  progress: Progress,
): Promise<number> {
  return new Promise((resolve, reject) => {
    onStop(
      signal => {
        progress.line(`${signal}: stopping, once more to force it`)
        stack.stop().then(() => {
          progress.line('stopped')
          resolve(0)
        }, reject)
      },
      () => {
        stack.forceStop()
        resolve(1)
      },
    )
  })
}

function isOnPath(name: string, { env }: Settings): boolean {
  return (env['PATH'] ?? '').split(':').some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
