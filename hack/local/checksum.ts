import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The checksum of one file out of a `.sha256` file (a bare digest) or a SHA256SUMS list. */
export function checksumFor(file: string, list: string): string | undefined {
  const lines = list.split('\n').map(line => line.trim().split(/\s+\*?/))
  const line = lines.find(([, name]) => name === file) ?? lines.find(fields => fields.length === 1)
  return /^[0-9a-f]{64}$/.exec(String(line?.[0]).toLowerCase())?.[0]
}
