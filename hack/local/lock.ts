import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts'

export type Lock = { release(): void }

let attempts = 0

/** Takes the lock, or says which living process holds it. A lock whose process is gone is taken over. */
export function tryLock(path: string): Lock | ProcessIdentity {
  mkdirSync(dirname(path), { recursive: true })
  const mine = JSON.stringify(identityOf(process.pid))
  const draft = `${path}.${process.pid}.${attempts++}`
  writeFileSync(draft, mine)
  try {
    for (;;) {
      if (linked(draft, path)) return lock(path, mine)
      const holder = holderOf(path)
      if (holder && isAlive(holder)) return holder
      const successor = replaceStale(path, draft, mine)
      if (successor) return successor
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

export async function waitForLock(
  path: string,
  waiting: (holder: ProcessIdentity) => void,
): Promise<Lock> {
  for (let told = false; ; told = true) {
    const got = tryLock(path)
    if ('release' in got) return got
    if (!told) waiting(got)
    await sleep(250)
  }
}

export function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}

/**
 * Replaces a stale lock under a lock of its own.
 *
 * Two heirs that both saw the dead holder must not both win: removing the file
 * would let the slower one remove the fresh lock of the faster one.
 */
function replaceStale(path: string, draft: string, mine: string): Lock | undefined {
  const heir = tryLock(`${path}.takeover`)
  if (!('release' in heir)) return undefined
  try {
    const holder = holderOf(path)
    if (holder && isAlive(holder)) return undefined
    renameSync(draft, path)
    return lock(path, mine)
  } finally {
    heir.release()
  }
}

function lock(path: string, mine: string): Lock {
  return {
    release() {
      if (JSON.stringify(holderOf(path)) === mine) rmSync(path, { force: true })
    },
  }
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
