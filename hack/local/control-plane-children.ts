import { join } from 'node:path'
import { apiClient, type Api } from './api.ts'
import type { Binaries } from './binaries.ts'
import type { Pair } from './certificates.ts'
import { Child } from './child.ts'
import {
  apiserverFlags,
  controllerManagerFlags,
  etcdFlags,
  type ControlPlanePorts,
} from './flags.ts'
import { logFile, pidFile, type Home } from './home.ts'
import type { PkiName } from './pki.ts'
import type { Settings } from './settings.ts'

export type ControlPlaneProcess = 'etcd' | 'kube-apiserver' | 'kube-controller-manager'
export type ControlPlaneChildren = Readonly<Record<ControlPlaneProcess, Child>>

export type ChildrenInput = {
  readonly home: Home
  readonly settings: Settings
  readonly binaries: Binaries
  readonly ports: ControlPlanePorts
  readonly pki: Readonly<Record<PkiName, Pair>>
  readonly apiserverFlags: readonly string[] | undefined
  readonly controllerManagerFlags: readonly string[] | undefined
  readonly unsafeNoFsync: boolean | undefined
  readonly report: (line: string) => void
}

export const controllerManagerKubeconfig = (home: Home) =>
  join(home.pki, 'controller-manager.kubeconfig')

export function controlPlaneChildren(input: ChildrenInput, api: Api): ControlPlaneChildren {
  const { home, ports, pki, binaries, settings } = input
  const etcd = apiClient(`https://127.0.0.1:${ports.etcd}`, {
    ...pki['apiserver-etcd-client'],
    ca: pki['etcd-ca'].cert,
  })
  // Without a client certificate: it knows no client CA, and /healthz is for everybody.
  const controllerManager = apiClient(`https://127.0.0.1:${ports['kube-controller-manager']}`, {
    ca: pki.ca.cert,
  })
  const child = (name: ControlPlaneProcess, args: string[], ready: () => Promise<boolean>) =>
    new Child({
      name,
      command: binaries[name],
      args,
      // Flags say everything; ETCD_* and KUBECONFIG of the person's shell must not.
      env: { PATH: settings.env['PATH'], HOME: settings.env['HOME'] },
      log: logFile(home, name),
      pidFile: pidFile(home, name),
      ready,
      report: input.report,
    })
  return {
    etcd: child('etcd', etcdFlags(home, ports, input), () => answers(etcd, '/health')),
    'kube-apiserver': child(
      'kube-apiserver',
      apiserverFlags(home, ports, input.apiserverFlags),
      () => answers(api, '/readyz'),
    ),
    'kube-controller-manager': child(
      'kube-controller-manager',
      controllerManagerFlags(
        home,
        ports,
        controllerManagerKubeconfig(home),
        input.controllerManagerFlags,
      ),
      async () =>
        (await runsControllers(controllerManager)) && (await allAnswer(api, madeByControllers)),
    ),
  }
}

/**
 * One after the other, each when what it stands on is ready.
 *
 * All at once would be a second faster on an idle machine; on a busy one
 * kube-controller-manager gives up after ten seconds, long before the API server has its roles.
 */
export async function startAll(children: ControlPlaneChildren): Promise<void> {
  for (const child of Object.values(children)) await child.start()
}

export async function stopAll(children: ControlPlaneChildren, grace = stopWithin): Promise<void> {
  for (const child of Object.values(children).toReversed()) await child.stop(grace)
}

/** An API server that has lost its etcd would take minutes; one that has not takes a second. */
const stopWithin = 5_000

/** Once these are there, Pods and tokens work. A second start finds them at once, so they alone prove nothing. */
const madeByControllers = [
  '/api/v1/namespaces/default/serviceaccounts/default',
  '/api/v1/namespaces/kube-system/serviceaccounts/namespace-controller',
  '/api/v1/namespaces/kube-system/serviceaccounts/generic-garbage-collector',
]

async function runsControllers(controllerManager: Api): Promise<boolean> {
  const { body } = await controllerManager('GET', '/healthz?verbose')
  return body.includes('[+]garbage-collector-controller ok')
}

async function allAnswer(api: Api, paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(path => answers(api, path)))).every(Boolean)
}

async function answers(api: Api, path: string): Promise<boolean> {
  return (await api('GET', path)).status === 200
}
