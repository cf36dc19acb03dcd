import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { isConflict, isExpired, isForbidden, isTransient } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { abreast } from './abreast.ts'
import { insist, type Patience } from './insist.ts'
import type { Sweep } from './sweeps.ts'

const PAGE = 500

/** How long one look through a kind waits for what stands in the way, such as a policy that API servers have not forgotten yet. */
const PATIENCE_MS = 30_000

/**
 * Visits the metadata of every object of a kind, page by page, as there may be many. Begins again
 * where the API server forgot where it was, so that one may be visited twice.
 */
export async function every(
  client: Client,
  kind: Kind,
  { namespace, selection }: Pick<Sweep, 'namespace' | 'selection'>,
  patience: Patience,
  visit: (object: KubernetesObject) => Promise<void>,
): Promise<void> {
  let token: string | undefined
  const next = () =>
    client.page(kind, { namespace, ...selection, part: 'metadata', limit: PAGE, continue: token })
  while (token !== '') {
    const page = await insist(next, patience).catch((error: unknown) => {
      if (isExpired(error) && token !== undefined) return undefined
      throw error
    })
    token = page?.continue
    await abreast(page?.items ?? [], visit)
  }
}

/** For one look through a kind; after it, what fails has failed. */
export const patienceWithin = (signal: AbortSignal): Patience => ({
  signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  again: error => isTransient(error) || isConflict(error) || isGuarded(error),
})

/** Refused by an admission policy that is gone, but not yet for every API server. */
const isGuarded = (error: unknown): boolean =>
  isForbidden(error) && error.message.includes("ValidatingAdmissionPolicy 'kradle-")
