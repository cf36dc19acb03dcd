import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type t from 'tap'
import { freePorts } from '#hack/local/ports.ts'
import { startPostgres, type Postgres, type PostgresOptions } from '#hack/local/postgres.ts'

/** A PostgreSQL of its own for one test file; gone when the file ends. */
export interface TestPostgres {
  /** The same for as long as the test runs, restarts included. */
  readonly url: string
  readonly pid: number
  /** Sends the signal (SIGKILL) to the postmaster; whoever serves sessions notices and goes too. */
  kill(signal?: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
  /** Starts it again on the same data and port. */
  start(): Promise<void>
}

/** Without fsync unless asked for it: kill -9 needs none, a pulled plug would. */
export async function runningPostgres(
  test: typeof t,
  options: PostgresOptions = { fsync: false },
): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'kradle-postgres-'))
  // Under root it runs as somebody else, who has to pass through here.
  chmodSync(dir, 0o755)
  const { postgres: port } = await freePorts(join(dir, 'ports.json'), ['postgres'])
  let server: Postgres | undefined
  test.teardown(async () => {
    await server?.kill('SIGQUIT')
    rmSync(dir, { recursive: true, force: true })
  })
  const start = async () => {
    server = await startPostgres(join(dir, 'postgres'), port, options)
  }
  await start()
  const { url } = server!
  return {
    url,
    get pid() {
      return server!.pid
    },
    kill: signal => server!.kill(signal),
    stop: () => server!.stop(),
    start,
  }
}
