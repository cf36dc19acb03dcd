import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { logTail } from './log-tail.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { Problem } from './problem.ts'

export type PostgresOptions = {
  /** Without it a crash of the machine may lose everything; only throw-away data may do without. */
  readonly fsync?: boolean
  /** More settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A running PostgreSQL on loopback. Start it again on the same folder to have it back. */
export type Postgres = {
  /** postgres://kradle:PASSWORD@127.0.0.1:PORT/postgres */
  readonly url: string
  readonly pid: number
  /** Settles when the postmaster is gone, whatever the reason. */
  readonly exited: Promise<void>
  /** Ends sessions and stops. */
  stop(): Promise<void>
  /** Sends the signal (SIGKILL) to the postmaster; waits for its end where the signal is one that ends it. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

type Owner = { readonly uid: number; readonly gid: number }

const user = 'kradle'
const readyWithin = 60_000

/** What ends the servers that still run when this process exits, whatever the reason. */
const atExit = new Set<() => void>()
process.once('exit', () => atExit.forEach(end => end()))

/**
 * Starts PostgreSQL with its data in `dir`, made when missing, and waits until it can be used.
 *
 * It refuses to run as root, so that under root the folder belongs to user `postgres`,
 * who has to be able to get there.
 */
export async function startPostgres(
  dir: string,
  port: number,
  options: PostgresOptions = {},
): Promise<Postgres> {
  const { initdb, postgres } = postgresBinaries()
  const owner = process.getuid?.() === 0 ? await postgresUser() : undefined
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (owner) chownSync(dir, owner.uid, owner.gid)
  const data = join(dir, 'data')
  if (!existsSync(data)) await initialise(initdb, dir, owner)
  const password = readFileSync(join(dir, 'password'), 'utf8').trim()
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`
  const log = join(dir, 'postgres.log')
  const deadline = Date.now() + readyWithin
  for (;;) {
    const started = run(postgres, ['-D', data, ...flags(port, options)], log, owner)
    if (await ready(started, url, deadline)) return started.server(url)
    await started.end('SIGQUIT')
    const words = logTail(log, 20, 0)
    // Whoever served a postmaster that was killed keeps its shared memory for a moment.
    const lingers = /still in use|lock file "postmaster.pid" already exists/.test(words)
    if (!lingers || Date.now() > deadline)
      throw new Problem(`PostgreSQL did not start, see ${log}:\n${words}`)
    await sleep(200)
  }
}

const flags = (port: number, { fsync = true, settings = {} }: PostgresOptions): string[] =>
  Object.entries({
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: fsync ? 'on' : 'off',
    ...(!fsync && { full_page_writes: 'off' }),
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

/** Half an initdb is no database: it gets its name only when it is whole. */
async function initialise(initdb: string, dir: string, owner: Owner | undefined): Promise<void> {
  const half = join(dir, 'data.new')
  const password = join(dir, 'password')
  rmSync(half, { recursive: true, force: true })
  writeFileSync(password, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  if (owner) chownSync(password, owner.uid, owner.gid)
  const args = ['--pgdata', half, '--username', user, '--pwfile', password]
  const more = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions']
  try {
    await promisify(execFile)(initdb, [...args, ...more], { ...owner, cwd: dir, env: environment })
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw new Problem(`PostgreSQL could not be set up in ${dir}: ${said.trim()}`)
  }
  renameSync(half, join(dir, 'data'))
}

/** Flags say everything; PG* of the person's shell must not. */
const environment = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }

function run(command: string, args: readonly string[], log: string, owner: Owner | undefined) {
  const file = openSync(log, 'w', 0o600)
  // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the order of stopping is ours.
  const child: ChildProcess = spawn(command, args, {
    ...owner,
    env: environment,
    stdio: ['ignore', file, file],
    detached: true,
  })
  closeSync(file)
  const endNow = () => void child.kill('SIGQUIT')
  atExit.add(endNow)
  let gone = false
  const exited = new Promise<void>(resolve => {
    const done = () => {
      gone = true
      atExit.delete(endNow)
      resolve()
    }
    child.once('error', done)
    child.once('exit', done)
  })
  const end = async (signal: NodeJS.Signals) => {
    if (!gone) child.kill(signal)
    // A stopped process would sit on the signal for ever.
    if (!gone) child.kill('SIGCONT')
    await exited
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)) return end(signal)
    child.kill(signal)
  }
  return {
    get gone() {
      return gone
    },
    end,
    // SIGTERM would wait for every client to leave.
    server: (url: string): Postgres => ({
      url,
      pid: child.pid!,
      exited,
      stop: () => end('SIGINT'),
      kill,
    }),
  }
}

/** Whether it takes a session by the deadline; false as soon as it has died. */
async function ready(
  server: { readonly gone: boolean },
  url: string,
  deadline: number,
): Promise<boolean> {
  while (Date.now() < deadline && !server.gone) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch {
      await sleep(30)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}

async function postgresUser(): Promise<Owner> {
  const id = async (flag: string) =>
    Number((await promisify(execFile)('id', [flag, 'postgres'])).stdout)
  const find = async () => ({ uid: await id('-u'), gid: await id('-g') })
  return find().catch(async () => {
    await promisify(execFile)('useradd', ['--system', '--user-group', 'postgres']).catch(error => {
      throw new Problem(
        `PostgreSQL does not run as root, and user postgres could not be made: ${error}`,
      )
    })
    return find()
  })
}
