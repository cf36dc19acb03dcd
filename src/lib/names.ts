import { SLUG_MAX_LENGTH } from '#src/api/names.ts'

/** The longest name of a Kradle object: a DNS label (R8). */
export const NAME_MAX_LENGTH = 63

const squeeze = (value: string, max: number): string =>
  value
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, max)
    // The cut may leave a hyphen at the end, which no DNS label may have (R10).
    .replace(/-+$/, '')

/** Any value as a name: 1 to 63 of a-z, 0-9 and hyphen; `user` where nothing is left (R8). */
export const normalizeName = (value: unknown): string =>
  squeeze(String(value), NAME_MAX_LENGTH) || 'user'

/**
 * Any value as the slug of an organisation (R9). Where nothing is left the
 * result is empty and the caller must refuse it. Lengths are not cut to 52 here:
 * two long names must not silently become one organisation (R11).
 */
export const normalizeOrgSlug = (value: unknown): string =>
  squeeze(String(value).trim(), NAME_MAX_LENGTH)

/** Whether a string can be the slug of an organisation as it stands. */
export const isOrgSlug = (value: string): boolean =>
  value !== '' && value.length <= SLUG_MAX_LENGTH && normalizeOrgSlug(value) === value
