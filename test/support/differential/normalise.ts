import type { Answered } from './exchange.ts'

/** What no two servers can have in common: made-up names, ids, times and versions become the same words. */
export function normalised({ status, type, warnings, body }: Answered, group: string): unknown {
  const plain = (text: string) =>
    text
      .replaceAll(group, '<group>')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(\\*")/g, '"<time>$1')
      .replaceAll(/"\d+m?\d*s"/g, '"<age>"')
      .replaceAll(/current: \d+/g, 'current: <version>')
      .replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"<version>"')
      .replaceAll(/resourceVersion\\\\\\":\\\\\\"\d+/g, 'resourceVersion <version>')
      .replaceAll(/"continue":"[^"]+"/g, '"continue":"<continue>"')
      .replaceAll(/\b(made-)[a-z0-9]{5}\b/g, '$1<random>')
      .replaceAll(/(resource ?[vV]ersion[^0-9"]{0,20})\d+/g, '$1<version>')
      .replaceAll(/\b\d{1,19} \(current: \d+\)/g, '<version> (current: <version>)')
  return {
    status,
    type,
    warnings: warnings.map(plain),
    body: inOrder(parsed(plain(body))),
  }
}

/** A watch is one object a line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    const lines = text.trimEnd().split('\n')
    try {
      return lines.map(line => JSON.parse(line) as Event).filter(event => !isReminder(event))
    } catch {
      return text
    }
  }
}

interface Event {
  readonly type?: string
  readonly object?: { readonly metadata?: { readonly annotations?: unknown } }
}

/** A bookmark that marks no end: whether one comes within a second is for the clock to say. */
const isReminder = ({ type, object }: Event): boolean =>
  type === 'BOOKMARK' && object?.metadata?.annotations === undefined

/** Fields of a schema are looked at in any order, and so are their causes told. */
function inOrder(body: unknown): unknown {
  const status = body as { kind?: string; message?: string; details?: { causes?: Cause[] } }
  const causes = status?.kind === 'Status' ? status.details?.causes : undefined
  if (!causes || causes.length < 2) return body
  const sorted = causes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const [head = ''] = (status.message ?? '').split(' is invalid: ')
  const told = causes.every(({ message = '' }) => status.message?.includes(message) === true)
  return {
    ...status,
    message: `${head} is invalid, and every cause is told: ${told}`,
    details: { ...status.details, causes: sorted },
  }
}

interface Cause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}
