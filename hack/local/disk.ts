import { existsSync, statfsSync } from 'node:fs'
import { mkdir, statfs } from 'node:fs/promises'
import { Problem } from './problem.ts'

const MiB = 1024 ** 2
export const roomToStart = 300 * MiB
export const roomToDownload = 500 * MiB
export const roomToBuild = 6 * 1024 * MiB

/** Better to say so before than to fail half-way through a build or with a database that cannot write. */
export async function requireRoom(folder: string, needed: number, purpose: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= needed) return
  throw new Problem(
    `not enough disk space to ${purpose}: ${folder} has ${size(bavail * bsize)} free and needs ${size(needed)}`,
  )
}

/** Enough for a log line and a pid file: less is a full disk. A folder that is gone is another trouble. */
export function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return true
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > MiB
}

export function size(bytes: number): string {
  return bytes >= 1024 * MiB
    ? `${(bytes / 1024 / MiB).toFixed(1)} GiB`
    : `${Math.floor(bytes / MiB)} MiB`
}
