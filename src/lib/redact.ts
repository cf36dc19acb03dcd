/** Keys whose values never reach a log line, in lower case. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'data',
  'stringdata',
  'token',
  'authorization',
  'password',
  'passphrase',
  'secret',
  'privatekey',
  'key.pem',
  'tls.key',
  'ca.key',
  'client-key-data',
  'cabundle',
  'body',
  'headers',
])

/** Deeper than this nobody reads, and a cycle ends. */
const DEPTH = 8

/** A copy fit for a log line: without the values of keys that hold secrets, errors as data. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value
  if (depth >= DEPTH) return '[deep]'
  if (value instanceof Error) return errorData(value, depth)
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEYS.has(key.toLowerCase()) ? '[redacted]' : redact(item, depth + 1),
    ]),
  )
}

/** What of an error may be told: fields by name, since libraries hang requests and bodies on theirs. */
function errorData(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const { code, reason } = error as { code?: unknown; reason?: unknown }
  return {
    type: name,
    message,
    ...(isWord(code) && { code }),
    ...(isWord(reason) && { reason }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause: redact(cause, depth + 1) }),
  }
}

const isWord = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'
