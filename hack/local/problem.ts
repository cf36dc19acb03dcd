/** Something the person at the keyboard can mend: printed as it stands, without a stack trace. */
export class Problem extends Error {
  override name = 'Problem'
}

/** What to print for an error, and whether it is one of ours or a bug that deserves its stack. */
export function explain(error: unknown): string {
  if (error instanceof Problem) return error.message
  if (isFull(error)) return fullDisk(errorPath(error))
  if (error instanceof Error) return error.stack ?? error.message
  return String(error)
}

/** Full disks reach us as an error code, from a child as text in its log. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' || isFull(error.cause)
}

export function mentionsFullDisk(log: string): boolean {
  return /no space left on device|ENOSPC|disk quota exceeded/i.test(log)
}

export function fullDisk(path?: string): string {
  return `no space left on the disk${path ? ` that holds ${path}` : ''}: free some and start again, nothing half-done was kept`
}

function errorPath(error: unknown): string | undefined {
  const { path, dest } = error as NodeJS.ErrnoException & { dest?: string }
  return dest ?? path
}
