import { spawn, type ChildProcess } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoff, recovered } from './backoff.ts'
import { hasRoom } from './disk.ts'
import { logTail } from './log-tail.ts'
import { fullDisk, mentionsFullDisk, Problem } from './problem.ts'
import { identityOf } from './process-identity.ts'
import { tellingLines } from './telling-lines.ts'

export type ChildSpec = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly log: string
  /** Read by the next start, should we die without stopping our children. */
  readonly pidFile: string
  /** Whether it serves by now; asked until it says yes, with when this life of it began (milliseconds). */
  readonly ready: (since: number) => Promise<boolean>
  readonly report: (line: string) => void
}

const largeLog = 10 * 1024 ** 2
/** Some seconds when idle; a machine that builds and tests at the same time takes ten times as long. */
const readyWithin = 120_000
const stopWithin = 15_000

/** What ends the processes that still run when this one exits, whatever the reason; one listener for any number of them. */
const atExit = new Set<() => void>()
process.once('exit', () => atExit.forEach(kill => kill()))

/** One process that is to stay up: started, watched, restarted when it dies, stopped. */
export class Child {
  readonly spec: ChildSpec
  #process: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #wanted = false
  #watched = false
  #deaths = 0
  #logStart = 0
  #born = 0
  readonly #killAtExit = () => this.#signal('SIGKILL')

  constructor(spec: ChildSpec) {
    this.spec = spec
  }

  get name(): string {
    return this.spec.name
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts it and waits until it is ready. From then on a death of its own is answered with a restart. */
  async start(): Promise<void> {
    this.#wanted = true
    this.#watched = false
    if (!this.#process) this.#spawn()
    await this.#untilReady()
    this.#watched = true
  }

  /** Sends the signal. One that ends the process is taken as a wish: it stays down until `start` or `restart`. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const ends = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)
    if (ends) this.#wanted = false
    this.#signal(signal)
    if (ends) await this.#exited
  }

  async stop(grace = stopWithin): Promise<void> {
    this.#wanted = false
    if (!this.#process) return
    this.#signal('SIGTERM')
    // A stopped process (SIGSTOP, a debugger) would sit on the SIGTERM for ever.
    this.#signal('SIGCONT')
    const late = setTimeout(() => this.#signal('SIGKILL'), grace)
    await this.#exited
    clearTimeout(late)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** For when nothing can be waited for any more. */
  forceKill(): void {
    this.#wanted = false
    this.#signal('SIGKILL')
  }

  /** The end of what this life of it has logged. */
  lastWords(lines: number): string {
    return logTail(this.spec.log, lines, this.#logStart)
  }

  #spawn(): void {
    const { command, args, env, log, name, pidFile } = this.spec
    mkdirSync(dirname(log), { recursive: true })
    mkdirSync(dirname(pidFile), { recursive: true })
    this.#logStart = rotate(log)
    const file = openSync(log, 'a', 0o600)
    // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the order of stopping is ours.
    const child = spawn(command, args, { env, stdio: ['ignore', file, file], detached: true })
    closeSync(file)
    atExit.add(this.#killAtExit)
    this.#process = child
    const born = Date.now()
    this.#born = born
    this.#exited = new Promise(resolve => {
      const gone = (how: string) => {
        if (this.#process !== child) return
        this.#process = undefined
        atExit.delete(this.#killAtExit)
        rmSync(pidFile, { force: true })
        resolve()
        if (this.#wanted && this.#watched) this.#revive(how, Date.now() - born)
      }
      child.once('error', error => gone(error.message))
      child.once('exit', (code, signal) => gone(signal ?? `code ${code}`))
    })
    try {
      if (child.pid) writeFileSync(pidFile, JSON.stringify({ name, ...identityOf(child.pid) }))
    } catch (error) {
      // Without its pid file a next start could not find it, so it may not live.
      child.kill('SIGKILL')
      throw error
    }
  }

  #revive(how: string, lived: number): void {
    this.#deaths = lived > recovered ? 1 : this.#deaths + 1
    const wait = backoff(this.#deaths)
    const full = this.#foundDiskFull() ? `; ${fullDisk(dirname(this.spec.log))}` : ''
    this.spec.report(`${this.name} died (${how}), starting it again in ${wait / 1000} s${full}`)
    void sleep(wait, undefined, { ref: false }).then(() => this.#live())
  }

  async #live(): Promise<void> {
    if (!this.#wanted || this.#process) return
    try {
      this.#spawn()
    } catch (error) {
      // Where there was no process yet, nobody else would try again.
      if (!this.#process) this.#revive((error as Error).message, 0)
      return
    }
    try {
      await this.#untilReady()
      this.spec.report(`${this.name} is back (pid ${this.pid})`)
    } catch (error) {
      // Another death is told and answered by the watch; what is left to tell is slowness.
      if (this.#process) this.spec.report((error as Error).message)
    }
  }

  /** A full disk may have swallowed the very line that would say so. */
  #foundDiskFull(): boolean {
    return !hasRoom(dirname(this.spec.log)) || mentionsFullDisk(this.lastWords(50))
  }

  async #untilReady(): Promise<void> {
    const child = this.#process
    const deadline = Date.now() + readyWithin
    while (Date.now() < deadline) {
      if (this.#process !== child || !child) throw this.#failure('stopped while starting')
      // Unreachable is the normal answer of a server that is still starting.
      if (await this.spec.ready(this.#born).catch(() => false)) return
      await sleep(50)
    }
    throw this.#failure(`was not ready after ${readyWithin / 1000} s`)
  }

  #failure(what: string): Problem {
    const words = tellingLines(this.lastWords(200), 8)
    if (this.#foundDiskFull()) return new Problem(fullDisk(dirname(this.spec.log)))
    return new Problem(`${this.name} ${what}, see ${this.spec.log}:\n${words}`)
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      this.#process?.kill(signal)
    } catch {
      // Gone in between.
    }
  }
}

/** Keeps one older log, and returns where this run's lines begin. */
function rotate(log: string): number {
  if (!existsSync(log)) return 0
  const { size } = statSync(log)
  if (size < largeLog) return size
  renameSync(log, `${log}.1`)
  return 0
}
