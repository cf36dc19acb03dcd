import { command } from '#hack/command.ts'

/** What an image brings along that ours is built on. */
export interface BaseContent {
  /** Without `v`. */
  readonly node: string
  /** e.g. debian-12. */
  readonly distribution: string
  readonly packages: readonly DebianPackage[]
}

export interface DebianPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/** Asked of the image itself. One that is not Debian's has no packages to tell of. */
export async function contentOf(base: string): Promise<BaseContent> {
  const args = ['--rm', '--network', 'none', '--entrypoint', 'node', base, '-e', SCRIPT]
  return JSON.parse(await command('docker', ['run', ...args])) as BaseContent
}

/** Runs in there, where Node is all there is for certain. */
const SCRIPT = `
const { spawnSync } = require('node:child_process')
const { readFileSync } = require('node:fs')
const format = '\${Package} \${Version} \${Architecture}\\n'
const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat', format], { encoding: 'utf8' })
const packages = (stdout ?? '').split('\\n').filter(Boolean).map(line => {
  const [name, version, architecture] = line.split(' ')
  return { name, version, architecture }
})
let release = ''
try { release = readFileSync('/etc/os-release', 'utf8') } catch {}
const value = name => new RegExp('^' + name + '="?([^"\\n]*)', 'm').exec(release)?.[1] ?? 'unknown'
console.log(JSON.stringify({
  node: process.versions.node,
  distribution: value('ID') + '-' + value('VERSION_ID'),
  packages,
}))
`
