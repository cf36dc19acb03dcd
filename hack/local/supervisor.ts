import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable.ts'
import type { Home } from './home.ts'
import { holderOf, tryLock, type Lock } from './lock.ts'
import { isAlive, type ProcessIdentity } from './process-identity.ts'

/** Which process runs the instance of this home, and whether its cluster is ready. */
export type Supervisor = ProcessIdentity & { readonly ready: boolean }

export function runningSupervisor(home: Home): Supervisor | undefined {
  const holder = holderOf(lockFile(home))
  if (!holder || !isAlive(holder)) return undefined
  return { ...holder, ready: readFrom(readyFile(home)) === String(holder.pid) }
}

/** Makes this process the supervisor of the home, or names the one that is. */
export function becomeSupervisor(home: Home): Lock | ProcessIdentity {
  const lock = tryLock(lockFile(home))
  if (!('release' in lock)) return lock
  rmSync(readyFile(home), { force: true })
  return {
    release() {
      rmSync(readyFile(home), { force: true })
      lock.release()
    },
  }
}

export function sayReady(home: Home): void {
  writeDurably(readyFile(home), String(process.pid))
}

const lockFile = (home: Home) => join(home.run, 'supervisor.lock')
const readyFile = (home: Home) => join(home.run, 'supervisor.ready')

function readFrom(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
