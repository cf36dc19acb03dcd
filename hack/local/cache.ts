import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Artefact } from './artefacts.ts'
import { sha256Of } from './checksum.ts'
import { renameDurably, writeDurably } from './durable.ts'
import { endRememberedGroup } from './process-group.ts'
import type { Settings } from './settings.ts'

export function cachedPath(settings: Settings, { name, version }: Artefact): string {
  return join(settings.cache, 'bin', `${settings.os}-${settings.arch}`, version, name)
}

/** Where Node keeps what it compiled: a process that finds it there starts with a third of the work and half of the memory. */
export const compiledPath = (settings: Settings): string => join(settings.cache, 'compiled')

/** Checked at every start: a disk that filled up or a copy that was cut off shows here and not as a crash later. */
export async function cacheState(path: string): Promise<'sound' | 'missing' | 'damaged'> {
  if (!existsSync(path)) return 'missing'
  if (!existsSync(checksumFile(path))) return 'damaged'
  const known = readFileSync(checksumFile(path), 'utf8').trim()
  return (await sha256Of(path)) === known ? 'sound' : 'damaged'
}

/** Moves a finished binary into the cache; the checksum goes first, so that a binary is never there without one. */
export async function store(finished: string, path: string): Promise<void> {
  chmodSync(finished, 0o755)
  writeDurably(checksumFile(path), `${await sha256Of(finished)}\n`)
  renameDurably(finished, path)
}

/**
 * An empty folder to work in, next to the binary so that the last step is a rename.
 *
 * To be called under the artefact's lock: whatever an interrupted fetch or build
 * left behind, be it files or a compiler that is still busy, is removed first.
 */
export function workFolder(path: string): string {
  const [parent, name] = [dirname(path), basename(path)]
  const folder = join(parent, `.${name}.work`)
  mkdirSync(parent, { recursive: true })
  endRememberedGroup(folder)
  rmSync(folder, { recursive: true, force: true })
  const drafts = readdirSync(parent).filter(
    entry => entry.startsWith(name) && entry.endsWith('.part'),
  )
  for (const draft of drafts) rmSync(join(parent, draft))
  mkdirSync(folder)
  return folder
}

function checksumFile(path: string): string {
  return `${path}.sha256`
}
