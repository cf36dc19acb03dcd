import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Readers see the old content or the new, also after a power cut; never half of one. */
export function writeDurably(path: string, content: string, mode = 0o644): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    writeFileSync(draft, content, { mode, flush: true })
    renameDurably(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

export function renameDurably(from: string, to: string): void {
  sync(from)
  renameSync(from, to)
  sync(dirname(to))
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
