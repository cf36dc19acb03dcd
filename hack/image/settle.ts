import { chmodSync, lstatSync, lutimesSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/**
 * Gives everything below a folder one time and plain modes, so that equal content
 * makes an equal layer. Runs while the image is built, hence it imports nothing of ours.
 */
const TIME = Date.UTC(1980, 0, 1) / 1000

function settle(path: string): void {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) throw new Error(`${path}: is a link, and nothing needs one`)
  if (found.isDirectory()) for (const name of readdirSync(path)) settle(join(path, name))
  chmodSync(path, found.isDirectory() ? 0o755 : 0o644)
  lutimesSync(path, TIME, TIME)
}

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('settle.ts FOLDER')
settle(folder)
