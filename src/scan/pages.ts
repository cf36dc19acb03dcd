import type { Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { isNotFound } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'

const PAGE_SIZE = 500
const TIMEOUT_MS = 60_000

/**
 * Hands on everything of a kind page by page, in the order of names, as it was at one moment; the next page is on its
 * way meanwhile. A kind that is not served has nothing. Fails as Expired where the server forgot that moment in between.
 */
export async function eachPage(
  client: Client,
  kind: Kind,
  signal: AbortSignal,
  take: (items: readonly UnknownObject[]) => Promise<void>,
): Promise<void> {
  const page = (token: string) =>
    client.page(kind, { limit: PAGE_SIZE, continue: token, signal, timeoutMs: TIMEOUT_MS })
  const first = await page('').catch((error: unknown) => {
    if (isNotFound(error)) return undefined
    throw error
  })
  for (let current = first; current;) {
    const next = current.continue === '' ? undefined : page(current.continue)
    // Whoever takes may fail first, and then nobody is left to hear of the other.
    next?.catch(() => {})
    await take(current.items as unknown as readonly UnknownObject[])
    current = await next
  }
}
