import type { Migration } from 'kysely/migration'
import { migrations } from './migrations.ts'

/** Done by a newer process: they only add, so what is older goes on beside them, after a rollback say. */
const DONE: Migration = { up: async () => {} }

/** Ours, and of those recorded in the database the ones that come after; any other that is not ours stays unknown. */
export function knownMigrations(recorded: readonly string[]): Record<string, Migration> {
  const newest = Object.keys(migrations).toSorted().at(-1)!
  const later = recorded.filter(name => name > newest)
  return { ...migrations, ...Object.fromEntries(later.map(name => [name, DONE])) }
}
