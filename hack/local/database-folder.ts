import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Where data is kept that a user other than root has to reach, and the home is not for him. */
const elsewhere = '/var/lib/kradle'

/**
 * The folder in which PostgreSQL keeps its data: `wanted`, where it can get there.
 *
 * It refuses to run as root, so under root it runs as somebody else, who may not pass through a home of root's. Then the
 * folder is elsewhere, and `wanted` a link to it.
 */
export function databaseFolder(wanted: string, isRoot = process.getuid?.() === 0): string {
  const linked = linkedFolder(wanted)
  if (linked) return linked
  mkdirSync(dirname(wanted), { recursive: true })
  if (!isRoot || isPassable(dirname(resolve(wanted)))) return wanted
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16)
  const folder = join(elsewhere, name)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  symlinkSync(folder, wanted)
  return folder
}

/** Deletes the data, wherever it is. */
export function removeDatabaseFolder(wanted: string): void {
  const linked = linkedFolder(wanted)
  if (linked) rmSync(linked, { recursive: true, force: true })
  rmSync(wanted, { recursive: true, force: true })
}

function linkedFolder(wanted: string): string | undefined {
  const found = lstatSync(wanted, { throwIfNoEntry: false })
  return found?.isSymbolicLink() ? readlinkSync(wanted) : undefined
}

/** Whether everybody may pass through all of it. */
function isPassable(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false
  return folder === dirname(folder) || isPassable(dirname(folder))
}
