import { KradleError } from '#src/lib/errors.ts'
import type { Address } from './served-certificates.ts'

/**
 * Where kradle-apiserver runs, by the flags `--activity off|service|url` and `--apiserver-url`;
 * undefined where it does not. The URL alone means that it runs there. Throws InvalidFlag.
 */
export function activityAddress(
  activity: string | undefined,
  url: string | undefined,
): Address | undefined {
  const wanted = activity ?? (url === undefined ? 'off' : 'url')
  if (!['off', 'service', 'url'].includes(wanted))
    throw new KradleError('InvalidFlag', `--activity ${wanted}: must be off, service or url`)
  if ((wanted === 'url') !== (url !== undefined))
    throw new KradleError(
      'InvalidFlag',
      url === undefined
        ? '--activity url: needs --apiserver-url'
        : `--apiserver-url: not with --activity ${wanted}`,
    )
  if (url === undefined) return wanted === 'service' ? 'service' : undefined
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    throw new KradleError('InvalidFlag', `--apiserver-url ${url}: must be https://host:port`)
  return { url }
}
