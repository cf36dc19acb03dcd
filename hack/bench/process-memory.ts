import { readFileSync } from 'node:fs'

/** MiB of memory. */
export type Memory = { readonly resident: number; readonly peak: number }

/** What a process holds now and has held at most, shared pages included. */
export const memoryOf = (pid: number): Memory =>
  memoryIn(readFileSync(`/proc/${pid}/status`, 'utf8'))

export function memoryIn(status: string): Memory {
  const mebibytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
  return { resident: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}
