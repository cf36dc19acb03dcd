import { execFile } from 'node:child_process'
import { accessSync, constants, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  artefact,
  artefactNames,
  versionIn,
  type Artefact,
  type Released,
  type ArtefactName,
} from './artefacts.ts'
import { build, requireGo } from './build.ts'
import { cachedPath, cacheState, store, workFolder } from './cache.ts'
import { requireRoom, roomToDownload } from './disk.ts'
import { ChecksumMismatch, download } from './download.ts'
import { waitForLock } from './lock.ts'
import { isFull } from './problem.ts'
import type { Progress } from './progress.ts'
import type { Settings } from './settings.ts'

export type Binaries = Readonly<Record<ArtefactName, string>>

/** Finds every binary: chosen by hand, on PATH, in the cache; else fetches or builds it into the cache. */
export async function resolveBinaries(settings: Settings, progress: Progress): Promise<Binaries> {
  const artefacts = artefactNames.map(artefact)
  const found = await Promise.all(artefacts.map(wanted => findBinary(wanted, settings, progress)))
  const paths: [string, string][] = []
  for (const [index, wanted] of artefacts.entries()) {
    // One after the other: each of these keeps every core or the whole line busy.
    paths.push([wanted.name, found[index] ?? (await acquire(wanted, settings, progress))])
  }
  return Object.freeze(Object.fromEntries(paths)) as Binaries
}

/** Finds one binary, or gets it into the cache. */
export async function resolveBinary(
  wanted: Artefact,
  settings: Settings,
  progress: Progress,
): Promise<string> {
  return (
    (await findBinary(wanted, settings, progress)) ?? (await acquire(wanted, settings, progress))
  )
}

/** One that is there already: chosen by hand, on PATH, in the cache. */
export async function findBinary(
  wanted: Artefact,
  settings: Settings,
  progress: Progress,
): Promise<string | undefined> {
  const chosen = settings.assets && join(settings.assets, wanted.name)
  if (chosen && isExecutable(chosen)) {
    const version = await versionOf(chosen, wanted)
    if (version !== wanted.version) {
      progress.line(
        `${chosen} is ${version ?? 'of unknown version'}, Kradle is tested with ${wanted.version}`,
      )
    }
    return chosen
  }
  const onPath = (settings.env['PATH'] ?? '')
    .split(':')
    .map(folder => join(folder, wanted.name))
    .find(isExecutable)
  if (onPath && (await versionOf(onPath, wanted)) === wanted.version) return onPath
  const cached = cachedPath(settings, wanted)
  return (await cacheState(cached)) === 'sound' ? cached : undefined
}

async function acquire(wanted: Artefact, settings: Settings, progress: Progress): Promise<string> {
  const path = cachedPath(settings, wanted)
  const lock = await waitForLock(`${path}.lock`, ({ pid }) =>
    progress.line(`waiting for pid ${pid}, which is getting ${wanted.name}`),
  )
  try {
    const state = await cacheState(path)
    if (state === 'sound') return path
    if (state === 'damaged') {
      progress.line(`${path} does not match its checksum: getting it again`)
      rmSync(path, { force: true })
    }
    await requireRoom(settings.cache, roomToDownload, `keep ${wanted.name}`)
    const work = workFolder(path)
    try {
      const binary =
        (await fetched(wanted, settings, work, progress)) ??
        (await built(wanted, settings, work, progress))
      await store(binary, path)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return path
  } finally {
    lock.release()
  }
}

async function fetched(
  wanted: Artefact,
  settings: Settings,
  work: string,
  progress: Progress,
): Promise<string | undefined> {
  if (!isReleased(wanted)) return undefined
  try {
    return await progress.task(`downloading ${wanted.name} ${wanted.version}`, note =>
      download(wanted, settings, work, note),
    )
  } catch (error) {
    if (isFull(error) || !(error instanceof Error)) throw error
    progress.line(
      error instanceof ChecksumMismatch
        ? `REFUSED a download of ${wanted.name}: ${error.message}; the file was removed`
        : `no download of ${wanted.name}: ${error.message}`,
    )
    return undefined
  }
}

const isReleased = (wanted: Artefact): wanted is Released => 'download' in wanted

async function built(
  wanted: Artefact,
  settings: Settings,
  work: string,
  progress: Progress,
): Promise<string> {
  await requireGo(wanted, settings)
  return progress.task(`building ${wanted.name} ${wanted.version} with Go`, () =>
    build(wanted, settings, work),
  )
}

async function versionOf(path: string, wanted: Artefact): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, wanted.versionArguments, { timeout: 10_000 })
    return versionIn(stdout)
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
