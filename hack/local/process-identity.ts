import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { startTicks } from './proc-stat.ts'

/** A pid alone is reused; together with the moment it started it names one process for good. */
export type ProcessIdentity = { readonly pid: number; readonly started: string }

export function identityOf(pid: number): ProcessIdentity | undefined {
  const started = startedAt(pid)
  return started === undefined ? undefined : { pid, started }
}

export function isAlive(identity: ProcessIdentity): boolean {
  const started = startedAt(identity.pid)
  return started !== undefined && started === identity.started
}

function startedAt(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() ||
        undefined
      )
    }
    const ticks = startTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    // Ticks count from boot, so a pid file that outlives a reboot must not match by chance.
    return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`
  } catch {
    return undefined
  }
}
