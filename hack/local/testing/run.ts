import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A verb of main.ts as a person runs it: a process, what it says, how it ends. */
export type Run = {
  readonly pid: number
  output(): string
  /** Waits until it has said this; fails with all it said if it ends first. */
  says(pattern: RegExp, within?: number): Promise<RegExpExecArray>
  /** Its exit code, or the signal that ended it; fails with all it said if it goes on. */
  ends(within?: number): Promise<number | NodeJS.Signals>
  signal(signal: NodeJS.Signals): void
}

/** Long enough for a machine that runs other tests too; a test that fails must still reach its teardown. */
const patience = 90_000

const main = resolve(import.meta.dirname, '../main.ts')

/** Without Kyverno unless other flags are given: most of what is tested stands without. */
export function run(
  verb: string,
  env: Readonly<Record<string, string | undefined>>,
  flags: readonly string[] = ['start', 'up'].includes(verb) ? ['--without-kyverno'] : [],
): Run {
  const child = spawn(process.execPath, [main, verb, ...flags], {
    env: { ...process.env, NODE_V8_COVERAGE: undefined, NODE_OPTIONS: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let ended = false
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = new Promise<number | NodeJS.Signals>(done => {
    child.once('close', (code, signal) => {
      ended = true
      done(code ?? signal ?? -1)
    })
  })
  return {
    pid: child.pid ?? -1,
    output: () => output,
    async says(pattern, within = patience) {
      const deadline = Date.now() + within
      for (;;) {
        const last = ended
        const found = pattern.exec(output)
        if (found) return found
        if (last || Date.now() > deadline) throw new Error(`never said ${pattern}, but:\n${output}`)
        await sleep(20)
      }
    },
    async ends(within = patience) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_done, fail) => {
        timer = setTimeout(() => fail(new Error(`never ended, but said:\n${output}`)), within)
      })
      return Promise.race([exit, late]).finally(() => clearTimeout(timer))
    },
    signal: signal => void child.kill(signal),
  }
}

/** For a teardown: whatever a test that failed half-way left running on this folder. */
export function endProcessesOf(folder: string): void {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone in between.
    }
  }
}

/** The living processes whose command line names this folder; zombies are nobody's any more. */
export function processesOf(folder: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .flatMap(entry => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return command.includes(folder) ? [{ pid: Number(entry), command }] : []
      } catch {
        return []
      }
    })
}
