import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { storeError } from './failures.ts'
import { knownMigrations } from './known-migrations.ts'

/** Brings the schema up to date, one process at a time. Throws StorageUnavailable while PostgreSQL is away. */
export async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'kradle-apiserver-migrate',
    connectionTimeoutMillis: 5_000,
    max: 2,
    // A session that breaks while it works says so to the one who waits, and once more here, where nobody listening ends the process.
    onConnect: client => void client.on('error', () => {}),
  })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  // Asked once the table is there and the lock is held, so that nothing is recorded meanwhile.
  const getMigrations = async () => {
    const { rows } = await sql<{ name: string }>`select name from kradle.kysely_migration`.execute(
      db,
    )
    return knownMigrations(rows.map(({ name }) => name))
  }
  try {
    const provider = { getMigrations }
    const migrator = new Migrator({ db, provider, migrationTableSchema: 'kradle' })
    const { error } = await migrator.migrateToLatest()
    if (error) throw storeError(error)
  } catch (error) {
    throw storeError(error)
  } finally {
    await db.destroy().catch(() => {})
  }
}
