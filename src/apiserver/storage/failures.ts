import { OutcomeUnknown, StorageUnavailable } from './store.ts'

/** Classes of SQLSTATE that say that the server cannot do it now, whatever was asked. */
const UNAVAILABLE = new Set([
  '08', // connection
  '28', // authorization
  '3D', // no such database
  '3F', // no such schema: not migrated yet
  '53', // no room, memory or connections
  '57', // shutting down, starting up, cancelled, too slow
  '58', // the system below
])

/** Read-only (a standby), idle in a transaction for too long, waited too long for a lock, no such table or function yet. */
const UNAVAILABLE_CODES = new Set(['25006', '25P03', '55P03', '42P01', '42883'])

/** The code of an error that PostgreSQL itself has answered; undefined where the way to it failed. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined
}

/** The unique index that stood in the way. */
export const violated = (error: unknown): string | undefined =>
  sqlState(error) === '23505' ? (error as { constraint?: string }).constraint : undefined

/** What went wrong with a statement, as callers of the store are told. */
export function storeError(error: unknown): unknown {
  if (error instanceof StorageUnavailable || error instanceof OutcomeUnknown) return error
  if (error instanceof TypeError) return error
  const state = sqlState(error)
  const away =
    state === undefined || UNAVAILABLE.has(state.slice(0, 2)) || UNAVAILABLE_CODES.has(state)
  if (!away) return error
  return new StorageUnavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error })
}
