import { readFileSync } from 'node:fs'

/** Linux counts CPU time for user space in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10

/** Milliseconds of CPU a process has used since its start, in user and kernel mode; 0 for none. */
export function cpuMs(pid: number | undefined): number {
  return pid === undefined ? 0 : cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

/** Fields 14 and 15 of /proc/<pid>/stat, counted after the command, which may hold spaces and brackets. */
export function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}
