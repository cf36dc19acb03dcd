import { createHash } from 'node:crypto'

/** What is missing may come at any time, and no watch tells of it. */
const MISSING_SECONDS = 30

/** What is there may go; nobody waits for us to say so. */
const USUAL_SECONDS = 1800

/**
 * When to look again at something that no watch shows, in seconds: soon where anything is
 * missing, otherwise about every 30 minutes, spread by uid so that not everything is read at
 * once; earlier where one of `moments` (RFC 3339) comes before that.
 */
export function nextLook(
  now: Date,
  uid: string,
  missing: boolean,
  moments: readonly (string | undefined)[] = [],
): number {
  const left = moments
    .map(moment => (moment === undefined ? 0 : Date.parse(moment) - now.getTime()))
    .filter(ms => ms > 0)
    .map(ms => Math.ceil(ms / 1000))
  const usual = missing ? MISSING_SECONDS : Math.round(USUAL_SECONDS * (0.9 + share(uid) / 5))
  return Math.min(usual, ...left)
}

/** A number from 0 to 1 that is always the same for one uid. */
const share = (uid: string): number =>
  createHash('sha256').update(uid).digest().readUInt16BE() / 0xffff
