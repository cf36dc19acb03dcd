import { cpuMs } from '../process-cpu.ts'
import type { ScanStand } from './stand.ts'

/** Milliseconds of CPU. */
export type Cost = { readonly scanner: number; readonly servers: number }

/** What the scanner has used since its start, and what kube-apiserver, etcd and kradle-apiserver have together. */
export const costOf = ({ controlPlane, kradle }: ScanStand, scanner: number | undefined): Cost => ({
  scanner: cpuMs(scanner),
  servers: [
    controlPlane.pid('kube-apiserver'),
    controlPlane.pid('etcd'),
    kradle.pid('apiserver'),
  ].reduce<number>((sum, pid) => sum + cpuMs(pid), 0),
})

export const between = (before: Cost, after: Cost): Cost => ({
  scanner: after.scanner - before.scanner,
  servers: after.servers - before.servers,
})
