import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts'

/** Leaves a note in a work folder about the process group that works in it, for whoever has to clean up after us. */
export function rememberGroup(folder: string, leader: number): void {
  const identity = identityOf(leader)
  if (identity) writeFileSync(noteIn(folder), JSON.stringify(identity))
}

/** Ends the group that a killed run of ours left working in this folder. */
export function endRememberedGroup(folder: string): void {
  if (!existsSync(noteIn(folder))) return
  try {
    const leader = JSON.parse(readFileSync(noteIn(folder), 'utf8')) as ProcessIdentity
    if (isAlive(leader)) endGroup(leader.pid)
  } catch {
    // Cut off while it was written; it names nobody.
  }
}

export function endGroup(leader: number | undefined): void {
  if (!leader) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

const noteIn = (folder: string) => join(folder, 'group.json')
