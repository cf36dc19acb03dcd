import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { KradleError } from '#src/lib/errors.ts'
import { askedOf, KYVERNO_RESULTS, kyvernoFilesOf } from './kyverno-files.ts'
import { readKyverno, type KyvernoSaid } from './kyverno-output.ts'
import type { Suite } from './suite.ts'

/** The names under which it is installed. */
const NAMES = ['kubectl-kyverno', 'kyverno']

/** It loads a few hundred definitions before it does anything. */
const TIMEOUT_MS = 120_000

/**
 * Kyverno's CLI: the given one, else one on the PATH. Undefined where there is none. Throws where the given one is not
 * there.
 */
export function findKyverno(given: string | undefined, path: string): string | undefined {
  if (given === undefined)
    return path
      .split(delimiter)
      .filter(folder => folder !== '')
      .flatMap(folder => NAMES.map(name => join(folder, name)))
      .find(isProgram)
  if (!isProgram(given)) throw new KradleError('InvalidFlag', `--kyverno ${given}: is no program`)
  return given
}

function isProgram(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.isFile() && (found.mode & 0o111) !== 0
}

/** Has Kyverno's CLI judge the objects of a suite, offline; by their names. Rejects where it does not get so far. */
export async function askKyverno(
  program: string,
  suite: Suite,
): Promise<ReadonlyMap<string, KyvernoSaid>> {
  const asked = askedOf(suite)
  if (asked.length === 0) return new Map()
  const folder = mkdtempSync(join(tmpdir(), 'kradle-policy-test-'))
  try {
    for (const [name, text] of Object.entries(kyvernoFilesOf(suite)))
      writeFileSync(join(folder, name), text)
    const { stdout, stderr } = await run(program, [
      'test',
      folder,
      '--remove-color',
      '--detailed-results',
      '--output-format=json',
    ])
    const expected = asked.map(
      ({ object, result }) => [object.metadata.name, KYVERNO_RESULTS[result]] as const,
    )
    // It goes on without a file that it cannot read.
    const [, unread] = /^ {2}ERROR: (.*)$/m.exec(stdout) ?? []
    const said = unread === undefined && readKyverno(stdout, new Map(expected))
    if (said) return said
    throw new KradleError(
      'KyvernoFailed',
      `${program} says: ${unread ?? (lastOf(stderr) || lastOf(stdout))}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const lastOf = (text: string): string => text.trim().split('\n').at(-1)!

/** What it printed, whatever its exit code: it is 1 as soon as one object came out otherwise. */
const run = (
  program: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number')
          reject(new KradleError('KyvernoFailed', `${program}: ${error.message}`, { cause: error }))
        else resolve({ stdout, stderr })
      },
    )
  })
