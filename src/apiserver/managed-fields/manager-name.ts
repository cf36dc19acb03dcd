const MOST_BYTES = 128

/** Who writes: the query parameter `fieldManager`, or else what the user agent says before its version. */
export function managerName(fieldManager: string, userAgent: string): string {
  if (fieldManager) return fieldManager
  let name = ''
  for (const character of userAgent.split('/')[0]!) {
    if (!PRINTABLE.test(character)) continue
    if (Buffer.byteLength(name + character) > MOST_BYTES) break
    name += character
  }
  return name
}

const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u
