/** As many as kube-apiserver names. */
const MOST = 100

interface Level {
  /** Of an object; of a list there are none. */
  readonly keys: Set<string> | undefined
  /** Where it stands, e.g. `spec.list[0]`. */
  readonly path: string
  key: string
  index: number
}

const pathIn = ({ path, keys, key, index }: Level): string => {
  if (!keys) return `${path}[${index}]`
  return path ? `${path}.${key}` : key
}

/** The paths of the fields that JSON text has more than once, e.g. `spec.colour`. The text is known to be JSON. */
export function duplicateKeys(text: string): readonly string[] {
  const found = new Set<string>()
  const levels: Level[] = []
  let level: Level | undefined
  let isKey = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      if (isKey && level?.keys) {
        level.key = keyAt(text, at, end)
        if (level.keys.has(level.key) && found.size < MOST) found.add(pathIn(level))
        level.keys.add(level.key)
        isKey = false
      }
      at = end
    } else if (character === '{' || character === '[') {
      const isObject = character === '{'
      const path = level ? pathIn(level) : ''
      level = { keys: isObject ? new Set() : undefined, path, key: '', index: 0 }
      levels.push(level)
      isKey = isObject
    } else if (character === '}' || character === ']') {
      levels.pop()
      level = levels.at(-1)
      isKey = false
    } else if (character === ',') {
      isKey = level?.keys !== undefined
      if (level) level.index += 1
    }
  }
  return [...found]
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}

function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end)
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}
