import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from './backoff.ts'
import { databaseFolder } from './database-folder.ts'
import { pidFile, type Home } from './home.ts'
import { freePorts } from './ports.ts'
import { startPostgres, type Postgres } from './postgres.ts'
import { identityOf } from './process-identity.ts'

/** The PostgreSQL of an instance. */
export type Database = {
  /** With the password in it; the same as long as the instance lives. */
  readonly url: string
  readonly pid: number | undefined
  stop(): Promise<void>
  /** Sends the signal (SIGKILL) to the postmaster, which stays down until `restart`. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same data and port. */
  restart(): Promise<void>
  forceStop(): void
}

/** Starts it and keeps it up: a death that nobody asked for is answered with a new start. */
export async function startDatabase(
  home: Home,
  { fsync = true, report }: { readonly fsync?: boolean; readonly report: (line: string) => void },
): Promise<Database> {
  const folder = databaseFolder(home.postgres)
  const { postgres: port } = await freePorts(home.ports, ['postgres'])
  const note = pidFile(home, 'postgres')
  let server: Postgres | undefined
  let wanted = true

  const start = async (): Promise<Postgres> => {
    const started = await startPostgres(folder, port, { fsync })
    server = started
    // Read by the next start, should we die without stopping it.
    writeFileSync(note, JSON.stringify({ name: 'postgres', ...identityOf(started.pid) }))
    void started.exited.then(async () => {
      rmSync(note, { force: true })
      if (server === started) server = undefined
      if (wanted) await revive(1)
    })
    return started
  }
  const revive = async (deaths: number): Promise<void> => {
    report(`postgres died, starting it again in ${backoff(deaths) / 1000} s`)
    await sleep(backoff(deaths), undefined, { ref: false })
    if (!wanted || server) return
    await start().then(
      ({ pid }) => report(`postgres is back (pid ${pid})`),
      () => revive(deaths + 1),
    )
  }
  const end = async (how: (running: Postgres) => Promise<void>): Promise<void> => {
    wanted = false
    if (server) await how(server)
  }
  const { url } = await start()
  return {
    url,
    get pid() {
      return server?.pid
    },
    stop: () => end(running => running.stop()),
    kill: (signal = 'SIGKILL') => end(running => running.kill(signal)),
    async restart() {
      await end(running => running.stop())
      wanted = true
      await start()
    },
    forceStop: () => void end(running => running.kill('SIGQUIT')),
  }
}
