import type { Invite } from '#src/api/identity/v1alpha1.ts'

const LIFETIME_MS = 7 * 24 * 3600_000

/**
 * Until when an invite can be accepted, exclusive: what it says, or 7 days after its creation
 * (R47). The API server takes more for a time than can be read; such a one is long past.
 */
export function inviteExpires(
  { spec, metadata }: Pick<Invite, 'spec' | 'metadata'>,
  now: Date,
): Date {
  if (spec.expiresAt !== undefined) return new Date(Date.parse(spec.expiresAt) || 0)
  const created = metadata.creationTimestamp
  return new Date((created === undefined ? now : new Date(created)).getTime() + LIFETIME_MS)
}
