import { quoted } from '#src/lib/schema/go-text.ts'
import type { Feed } from '../storage/store.ts'
import { tooLargeVersion } from '../status-error.ts'

const MOST = 2n ** 64n - 1n

/** How long somebody who asks for a version that is yet to come is kept waiting, in milliseconds. */
const PATIENCE_MS = 3_000

/** What is wrong with a version that a client sent, in the API server's words; undefined where nothing is. */
export function versionFault(version: string): string | undefined {
  const parsing = `strconv.ParseUint: parsing ${quoted(version)}`
  if (!/^\d+$/.test(version)) return `${parsing}: invalid syntax`
  // So long a text is not worth turning into a number.
  return version.length > 40 || BigInt(version) > MOST
    ? `${parsing}: value out of range`
    : undefined
}

/** Whether a version stands for a definite moment: neither "now" nor "any". */
export const isDefinite = (version: string): boolean => version !== '' && !/^0+$/.test(version)

/** Whether one version is younger than another; both as a store gives them, '' being older than any. */
export const isNewer = (version: string, than: string): boolean =>
  version.length === than.length ? version > than : version.length > than.length

/** A version that a client sent, as a store gives it. */
export const normalised = (version: string): string => BigInt(version).toString()

/** Resolves once everything up to this version has been read here. Throws StatusError 504 where that takes too long. */
export async function reached(feed: Feed, version: string, signal: AbortSignal): Promise<void> {
  if (!isNewer(version, feed.position)) return
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    await feed.reached(version, AbortSignal.any([signal, patience]))
  } catch (error) {
    if (patience.aborted) throw tooLargeVersion(version, feed.position)
    throw error
  }
}
