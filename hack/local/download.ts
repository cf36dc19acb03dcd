import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Released } from './artefacts.ts'
import { checksumFor, sha256Of } from './checksum.ts'
import { isFull } from './problem.ts'
import { rmSync } from 'node:fs'
import type { Settings } from './settings.ts'

/** The server answered and what it gave is not what it promised: worth a louder word than "unreachable". */
export class ChecksumMismatch extends Error {
  override name = 'ChecksumMismatch'
}

const answerWithin = 5_000
const silenceAllowed = 30_000

/** Fetches an artefact into `folder` and returns the verified binary's path there. */
export async function download(
  artefact: Released,
  settings: Settings,
  folder: string,
  note: (detail: string) => void,
): Promise<string> {
  const { url, checksums, member } = artefact.download(settings)
  const file = basename(url)
  // The small file first: an unreachable server is found out without having begun anything.
  const list = await (await get(checksums)).text()
  const wanted = checksumFor(file, list)
  if (!wanted) throw new ChecksumMismatch(`${checksums} lists no sha256 for ${file}`)

  const target = join(folder, file)
  await save(await get(url), target, note)
  const found = await sha256Of(target)
  if (found !== wanted) {
    rmSync(target, { force: true })
    throw new ChecksumMismatch(`${url} has sha256 ${found}, but ${checksums} says ${wanted}`)
  }
  if (!member) return target

  // GNU tar reads the Linux tarball, macOS's bsdtar also the zip.
  await promisify(execFile)('tar', ['-xf', target, '-C', folder, member])
  return join(folder, member)
}

async function get(url: string): Promise<Response> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), answerWithin)
  try {
    const response = await fetch(url, { signal: abort.signal })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return response
  } catch (error) {
    throw new Error(
      abort.signal.aborted
        ? `${url} did not answer in ${answerWithin / 1000} s`
        : reason(url, error),
      {
        cause: error,
      },
    )
  } finally {
    clearTimeout(timer)
  }
}

async function save(
  response: Response,
  target: string,
  note: (detail: string) => void,
): Promise<void> {
  const total = Number(response.headers.get('content-length')) || 0
  const abort = new AbortController()
  const silent = () => abort.abort(new Error(`${response.url} stopped sending`))
  let timer = setTimeout(silent, silenceAllowed)
  let received = 0
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(timer)
      timer = setTimeout(silent, silenceAllowed)
      received += chunk.length
      note(total ? `${Math.floor((received / total) * 100)} %` : `${received >> 20} MiB`)
      done(null, chunk)
    },
  })
  try {
    if (!response.body) throw new Error(`${response.url} sent no body`)
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(target), {
      signal: abort.signal,
    })
  } catch (error) {
    throw isFull(error)
      ? error
      : new Error(reason(response.url, abort.signal.reason ?? error), { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** fetch says "fetch failed" and hides the reason one level down. */
function reason(url: string, error: unknown): string {
  const { message, cause } = error as Error
  const inner = cause instanceof Error ? cause : undefined
  return `${message.includes(url) ? '' : `${url}: `}${inner?.message || (inner as NodeJS.ErrnoException)?.code || message}`
}
