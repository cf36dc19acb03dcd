import { readdirSync, readFileSync } from 'node:fs'
import { cpuMs } from '../process-cpu.ts'
import type { ActivityStand } from './stand.ts'

/** Milliseconds of CPU by server, since each was started. */
export type ServerCpu = Readonly<
  Record<'kube-apiserver' | 'etcd' | 'apiserver' | 'postgres', number>
>

export const serverCpu = ({ controlPlane, kradle, database }: ActivityStand): ServerCpu => ({
  'kube-apiserver': cpuMs(controlPlane.pid('kube-apiserver')),
  etcd: cpuMs(controlPlane.pid('etcd')),
  apiserver: cpuMs(kradle.pid('apiserver')),
  postgres: withChildren(database.pid),
})

/** Sessions of PostgreSQL are processes of their own. */
function withChildren(pid: number | undefined): number {
  if (pid === undefined) return 0
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuMs(each), 0)
}

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => parentIn(statOf(name)) === pid)
    .map(Number)

/** '' where the process has gone meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

/** The second field after the command, which may hold spaces and brackets. */
const parentIn = (stat: string): number =>
  Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])

export const cpuBetween = (before: ServerCpu, after: ServerCpu): ServerCpu => ({
  'kube-apiserver': after['kube-apiserver'] - before['kube-apiserver'],
  etcd: after.etcd - before.etcd,
  apiserver: after.apiserver - before.apiserver,
  postgres: after.postgres - before.postgres,
})
