import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { command } from '#hack/command.ts'
import type { BaseContent } from './base.ts'
import { isNeedless } from './needless.ts'
import { sbomOf, type Bom } from './sbom.ts'

/** What of the repository is read at run time, or belongs to whoever looks into the image. */
const SHIPPED = [
  'LICENSE',
  'package.json',
  'package-lock.json',
  'src',
  'webhooks',
  'crds',
  'policies',
  'charts/kradle/admission',
  'charts/kradle/files',
]

/**
 * Only a kubeconfig with a credential plugin has it loaded (src/lib/kubeconfig.ts). Plugins are programs, and the image
 * has none; it would be three quarters of all packages.
 */
const UNUSED = ['@kubernetes/client-node']

/** Fills a folder with what docker is to build from; returns the SBOM, which lies in there, too. */
export async function stage(
  repository: string,
  folder: string,
  base: BaseContent,
): Promise<string> {
  const kradle = join(folder, 'root/kradle')
  mkdirSync(kradle, { recursive: true })
  for (const path of SHIPPED)
    cpSync(join(repository, path), join(kradle, path), {
      recursive: true,
      filter: source => !/\/(?:\.[^/]*|tests)$/.test(source),
    })
  for (const file of ['Dockerfile', 'settle.ts'])
    cpSync(join(import.meta.dirname, file), join(folder, file))

  const sbom = sbomOf(await install(repository, folder), base)
  const installed = join(folder, 'kradle/node_modules')
  for (const entry of readdirSync(installed, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isDirectory() && isNeedless(relative(installed, file))) rmSync(file)
  }
  removeEmpty(installed)
  cpSync(installed, join(kradle, 'node_modules'), { recursive: true })
  rmSync(join(folder, 'kradle'), { recursive: true })
  writeFileSync(join(kradle, 'sbom.cdx.json'), sbom)
  return sbom
}

/** A node_modules of its own: the checkout's has tools, and whatever somebody did to it. Returns npm's list of it. */
async function install(repository: string, folder: string): Promise<Bom> {
  // npm takes the name of what is in there from the folder.
  const cwd = join(folder, 'kradle')
  mkdirSync(cwd)
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(repository, file), join(cwd, file))
  const npm = (...args: string[]) => command('npm', args, { cwd })
  await npm('ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline')
  const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    devDependencies?: unknown
  }
  for (const name of UNUSED) delete manifest.dependencies[name]
  // Else npm misses them.
  delete manifest.devDependencies
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest))
  await npm('prune', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--offline')
  return JSON.parse(await npm('sbom', '--omit=dev', '--sbom-format=cyclonedx')) as Bom
}

/** Returns whether nothing was left of it. */
function removeEmpty(folder: string): boolean {
  const left = readdirSync(folder, { withFileTypes: true }).filter(
    entry => !(entry.isDirectory() && removeEmpty(join(folder, entry.name))),
  )
  if (left.length === 0) rmSync(folder, { recursive: true })
  return left.length === 0
}
