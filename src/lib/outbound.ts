import { lookup as resolve, type LookupAddress } from 'node:dns'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

export interface OutboundOptions {
  /** Whether addresses that are not public may be asked, too. */
  readonly allowPrivate: boolean
  /** PEM, trusted besides the usual authorities. */
  readonly ca?: readonly string[]
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What came of it: the body of a 200, or why there is none, in words that show nothing of the answer. */
export type Outcome = { readonly body: string } | { readonly failure: string }

/** One for a name that does not resolve and one that resolves to us: which it is tells what names there are inside. */
const NOWHERE = 'its name leads to no public address'

/**
 * Gets a document from an address that a tenant chose: https alone, nothing sent along,
 * no redirect followed, no proxy, and only from public addresses, which is checked on
 * the address that is connected to. Rejects only where the signal called it off.
 */
export async function getDocument(url: URL, options: OutboundOptions): Promise<Outcome> {
  const { allowPrivate, ca, timeoutMs, signal } = options
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    return { failure: 'it is not a plain https address' }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Node.js looks up names alone.
  if (isIP(host) && !allowPrivate && !isPublicAddress(host)) return { failure: NOWHERE }
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await new Promise<Outcome>((settle, reject) => {
      const request = https.request(url, {
        // A connection of its own, and none of what the environment may have told the shared agent.
        agent: false,
        headers: { accept: 'application/json', 'user-agent': 'kradle' },
        lookup: guardedLookup(allowPrivate),
        signal: AbortSignal.any([signal, deadline]),
        ...(ca && { ca: [...ca] }),
      })
      request.on('response', response => {
        if (response.statusCode !== 200) {
          response.destroy()
          return settle({ failure: `it answered ${response.statusCode}` })
        }
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          parts.push(part)
          bytes += part.length
          if (bytes <= options.maxBytes) return
          response.destroy()
          settle({ failure: `its answer is longer than ${options.maxBytes} bytes` })
        })
        response.on('end', () => settle({ body: Buffer.concat(parts).toString('utf8') }))
        response.on('error', reject)
      })
      request.on('error', reject)
      request.end()
    })
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) return { failure: `it did not answer within ${timeoutMs / 1000} s` }
    return { failure: reasonOf(error as NodeJS.ErrnoException) }
  }
}

/** Resolves a name, and refuses it where any of its addresses is not public. */
export function guardedLookup(allowPrivate: boolean, lookup = resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const found = error ? [] : addresses
      const [first] = found
      if (!first || (!allowPrivate && found.some(({ address }) => !isPublicAddress(address)))) {
        const nowhere: NodeJS.ErrnoException = new Error(NOWHERE)
        nowhere.code = 'ENOTFOUND'
        return callback(nowhere, [])
      }
      if (options.all) return callback(null, found)
      return callback(null, first.address, first.family)
    })
  }
}

/** Why there was no answer; the code alone, as messages may carry names and addresses. */
function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOTFOUND') return NOWHERE
  return `the connection failed (${code})`
}
