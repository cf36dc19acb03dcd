import type { ControlPlane } from '#hack/local/control-plane.ts'
import { cpuMs } from '../process-cpu.ts'

/** Milliseconds of CPU. */
export type Cost = { readonly scanner: number; readonly servers: number }

/** What the scanner has used since its start, and what the API server and etcd have. */
export const costOf = (controlPlane: ControlPlane, scanner: number | undefined): Cost => ({
  scanner: cpuMs(scanner),
  servers: cpuMs(controlPlane.pid('kube-apiserver')) + cpuMs(controlPlane.pid('etcd')),
})

export const between = (before: Cost, after: Cost): Cost => ({
  scanner: after.scanner - before.scanner,
  servers: after.servers - before.servers,
})
