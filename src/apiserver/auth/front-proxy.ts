import type { UserInfo } from '#src/api/admission/v1.ts'
import type { RemoteHeaders } from './authentication-config.ts'

/** Values by name in lower case, each header line for itself, as `IncomingMessage.headersDistinct`. */
export type Headers = Readonly<Record<string, readonly string[] | undefined>>

/** Whether a front proxy may have this common name. */
export const isAllowedProxy = (commonName: string, { allowedNames }: RemoteHeaders): boolean =>
  allowedNames.length === 0 || allowedNames.includes(commonName)

/**
 * For whom a front proxy asks, or undefined where it does not say. Nobody else's headers may be
 * given to this.
 */
export function remoteUser(headers: Headers, names: RemoteHeaders): UserInfo | undefined {
  const all = (list: readonly string[]) =>
    list.flatMap(name => headers[name] ?? []).filter(value => value !== '')
  const first = (list: readonly string[]) =>
    // The first line of each alone, as Go's Header.Get.
    list.map(name => headers[name]?.[0]).find(value => value !== undefined && value !== '')
  const username = first(names.username)
  if (username === undefined) return undefined
  const uid = first(names.uid)
  const extra = remoteExtra(headers, names.extraPrefixes)
  return {
    username: utf8(username),
    ...(uid !== undefined && { uid: utf8(uid) }),
    groups: all(names.group).map(utf8),
    ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
  }
}

function remoteExtra(headers: Headers, prefixes: readonly string[]): Map<string, string[]> {
  const extra = new Map<string, string[]>()
  for (const prefix of prefixes)
    for (const [name, values = []] of Object.entries(headers)) {
      if (!name.startsWith(prefix)) continue
      const key = unescaped(name.slice(prefix.length))
      extra.set(key, [...(extra.get(key) ?? []), ...values.map(utf8)])
    }
  return extra
}

/** %-decoded, or as it is where that makes no sense. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Node reads headers as Latin-1; Go sends the bytes of UTF-8. */
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')
