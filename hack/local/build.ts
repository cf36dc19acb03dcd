import { execFile, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { versions } from '#hack/versions.ts'
import type { Artefact } from './artefacts.ts'
import { requireRoom, roomToBuild } from './disk.ts'
import { goModule } from './go-module.ts'
import { goIsRecent, goProblem } from './go-version.ts'
import { endGroup, rememberGroup } from './process-group.ts'
import { fullDisk, mentionsFullDisk, Problem } from './problem.ts'
import type { Settings } from './settings.ts'

/** Builds an artefact from its Go module in `folder` and returns the binary's path there. */
export async function build(
  artefact: Artefact,
  settings: Settings,
  folder: string,
): Promise<string> {
  const env = goEnvironment(settings, folder)
  for (const used of await goCaches(env))
    await requireRoom(used, roomToBuild, `build ${artefact.name}`)

  mkdirSync(join(settings.cache, 'logs'), { recursive: true })
  const log = join(settings.cache, 'logs', `build-${artefact.name}.log`)
  writeFileSync(log, '')
  const output = join(folder, artefact.name)
  const upstream = await upstreamGoMod(artefact, folder, env, log)
  writeFileSync(join(folder, 'go.mod'), goModule(artefact, upstream))
  await go(
    ['build', '-trimpath', '-ldflags', artefact.ldflags, '-o', output, artefact.package],
    folder,
    env,
    log,
    `building ${artefact.name} ${artefact.version} failed`,
  )
  return output
}

/** Asked before any work starts, so that the answer is one line and not the end of a long log. */
export async function requireGo(artefact: Artefact, settings: Settings): Promise<void> {
  const found = await promisify(execFile)('go', ['env', 'GOVERSION'], {
    env: goEnvironment(settings),
  }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  if (!found || !goIsRecent(found, versions.go))
    throw new Problem(goProblem(found, versions.go, artefact))
}

function goEnvironment(settings: Settings, folder?: string): NodeJS.ProcessEnv {
  return {
    ...settings.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    // A go.work somewhere above the cache must not take part.
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOOS: settings.os,
    GOARCH: settings.arch,
    // Inside our folder, so that an interrupted build is cleaned with it.
    ...(folder && { GOTMPDIR: folder }),
  }
}

async function goCaches(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout } = await promisify(execFile)('go', ['env', 'GOCACHE', 'GOMODCACHE'], { env })
  return stdout.split('\n').filter(line => line.startsWith('/'))
}

async function upstreamGoMod(
  artefact: Artefact,
  folder: string,
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<string> {
  const module = `${artefact.module}@${artefact.version}`
  const answer = join(folder, 'module.json')
  await go(
    ['mod', 'download', '-json', module],
    folder,
    env,
    log,
    `fetching ${module} failed`,
    answer,
  )
  const { GoMod } = JSON.parse(readFileSync(answer, 'utf8')) as { GoMod: string }
  return readFileSync(GoMod, 'utf8')
}

/** Runs go in a process group of its own: interrupted, its compilers have to go with it. */
async function go(
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  log: string,
  failure: string,
  answer = log,
): Promise<void> {
  const [out, err] = [openSync(answer, 'a'), openSync(log, 'a')]
  const child = spawn('go', args, { cwd, env, stdio: ['ignore', out, err], detached: true })
  if (child.pid) rememberGroup(cwd, child.pid)
  const killGroup = () => endGroup(child.pid)
  process.once('exit', killGroup)
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject).once('exit', (status, signal) => resolve(status ?? signal))
    })
    if (code === 0) return
    const text = readFileSync(log, 'utf8')
    if (mentionsFullDisk(text)) throw new Problem(fullDisk(cwd))
    throw new Problem(
      `${failure} (${code}), see ${log}:\n${text.trimEnd().split('\n').slice(-5).join('\n')}`,
    )
  } finally {
    process.off('exit', killGroup)
    closeSync(out)
    closeSync(err)
  }
}
