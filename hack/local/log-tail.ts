import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const read = 64 * 1024

/** The last lines of a log that may be large, written since `from`. */
export function logTail(path: string, lines: number, from = 0): string {
  if (!existsSync(path)) return ''
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const start = Math.max(from, size - read)
    const buffer = Buffer.alloc(Math.max(0, size - start))
    const length = readSync(file, buffer, 0, buffer.length, start)
    return buffer.toString('utf8', 0, length).trimEnd().split('\n').slice(-lines).join('\n')
  } finally {
    closeSync(file)
  }
}
