import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RequestInfo } from '../request.ts'
import { badRequest } from '../status-error.ts'
import type { Key } from '../storage/store.ts'

/** Where a list goes on. */
export interface Position {
  /** undefined goes on with whatever is there now, though it does not belong together. */
  readonly at: string | undefined
  readonly after: Key
}

export interface ContinueTokens {
  write(request: RequestInfo, position: Position): string
  /** Throws StatusError 400 where the token is not one of ours, or was given out for another list. */
  read(request: RequestInfo, token: string): Position
}

const VERSION = 'kradle/v1'

/** Tokens that nobody can make without `key`, which all replicas share (at least 32 bytes). */
export function continueTokens(key: Buffer): ContinueTokens {
  // Beyond what stands in it, a token holds for one list: the same place, the same selectors.
  const sign = ({ resource, namespace, query }: RequestInfo, payload: string): Buffer => {
    const { group, plural } = resource.kind
    const list = [group, plural, namespace, query.get('labelSelector'), query.get('fieldSelector')]
    return createHmac('sha256', key)
      .update(JSON.stringify([payload, ...list]))
      .digest()
  }
  return {
    write(request, { at, after }) {
      const payload = Buffer.from(
        JSON.stringify({
          v: VERSION,
          rv: at ?? '-1',
          start: `${after.namespace}/${after.name}\0`,
        }),
      ).toString('base64url')
      return `${payload}.${sign(request, payload).toString('base64url')}`
    },
    read(request, token) {
      const [payload = '', signature = ''] = token.split('.')
      const wanted = sign(request, payload)
      const given = Buffer.from(signature, 'base64url')
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
        throw badRequest('invalid continue token: continue key is not valid')
      // Signed, so it has the shape that we gave it.
      const { rv, start } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
        rv: string
        start: string
      }
      const [namespace, name] = start.slice(0, -1).split('/') as [string, string]
      return { at: rv === '-1' ? undefined : rv, after: { namespace, name } }
    },
  }
}
