import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { apiClient } from './api.ts'
import { resolveBinaries } from './binaries.ts'
import {
  controllerManagerKubeconfig,
  controlPlaneChildren,
  startAll,
  stopAll,
  type ChildrenInput,
  type ControlPlaneProcess,
} from './control-plane-children.ts'
import { requireRoom, roomToStart } from './disk.ts'
import { controlPlanePorts } from './flags.ts'
import { homeAt, type Home } from './home.ts'
import { issueLeaf } from './certificates.ts'
import { writeKubeconfig } from './kubeconfig-file.ts'
import { stopLeftovers } from './leftovers.ts'
import { ensurePki } from './pki.ts'
import { forgetPorts, freePorts } from './ports.ts'
import { Problem } from './problem.ts'
import { alreadyRunning } from './next-steps.ts'
import { quiet, type Progress } from './progress.ts'
import { settingsFrom, type Settings } from './settings.ts'
import { runningSupervisor } from './supervisor.ts'

export type { ControlPlaneProcess } from './control-plane-children.ts'

export type ControlPlaneOptions = {
  /** The folder for data, certificates, logs and pid files; made when missing. */
  readonly home: string
  readonly settings?: Settings
  readonly progress?: Progress
  /** More flags for kube-apiserver, e.g. an audit policy and log. */
  readonly apiserverFlags?: readonly string[]
  readonly controllerManagerFlags?: readonly string[]
  /** Without it etcd waits for the disk on every write; only throw-away clusters may set it. */
  readonly unsafeNoFsync?: boolean
}

export type ControlPlane = {
  readonly home: string
  readonly settings: Settings
  /** https://127.0.0.1:PORT */
  readonly server: string
  /** Path of a kubeconfig with context `admin` (system:masters). */
  readonly adminKubeconfig: string
  /** Path of a kubectl of the same version. */
  readonly kubectl: string
  /** PEM, not paths. */
  readonly adminCertificate: { readonly cert: string; readonly key: string; readonly ca: string }
  /** A client certificate for a person of this name, in no group. */
  readonly certificateFor: (
    name: string,
  ) => Promise<{ readonly cert: string; readonly key: string }>
  stop(): Promise<void>
  /** Sends the signal (SIGKILL); a process ended this way stays down until `restart`. */
  kill(name: ControlPlaneProcess, signal?: NodeJS.Signals): Promise<void>
  /** Stops it if it runs, starts it and waits until it is ready. */
  restart(name: ControlPlaneProcess): Promise<void>
  pid(name: ControlPlaneProcess): number | undefined
  /** Ends everything at once, without waiting; for a second Ctrl-C. */
  forceStop(): void
}

type Start = Omit<ChildrenInput, 'ports' | 'pki'>

class PortTaken extends Problem {}

const attempts = 3

/** Starts etcd, kube-apiserver and kube-controller-manager on loopback and waits until they can be used. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const settings =
    options.settings ?? settingsFrom(process.env, resolve(import.meta.dirname, '../..'))
  const progress = options.progress ?? quiet
  const home = homeAt(resolve(options.home))
  const running = runningSupervisor(home)
  if (running && running.pid !== process.pid)
    throw new Problem(alreadyRunning(running.pid, home.kubeconfig))
  await stopLeftovers(home.run, progress.line)
  await requireRoom(home.root, roomToStart, 'start a cluster')
  const start: Start = {
    home,
    settings,
    binaries: await resolveBinaries(settings, progress),
    apiserverFlags: options.apiserverFlags,
    controllerManagerFlags: options.controllerManagerFlags,
    unsafeNoFsync: options.unsafeNoFsync,
    report: progress.line,
  }
  discardHalfMade(home)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(start)
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === attempts) throw error
      // Somebody took a port between our look and the child's bind.
      progress.line(`${error.message}: trying other ports`)
      forgetPorts(home.ports, controlPlanePorts)
    }
  }
}

async function startOnce(start: Start): Promise<ControlPlane> {
  const { home } = start
  const pki = await ensurePki(home.pki)
  const ports = await freePorts(home.ports, controlPlanePorts)
  const server = `https://127.0.0.1:${ports['kube-apiserver']}`
  const access = { server, ca: pki.ca.cert }
  writeKubeconfig(home.kubeconfig, { ...access, name: 'admin', user: pki.admin })
  writeKubeconfig(controllerManagerKubeconfig(home), {
    ...access,
    name: 'kube-controller-manager',
    user: pki['controller-manager'],
  })
  const adminCertificate = { ...pki.admin, ca: pki.ca.cert }
  const api = apiClient(server, adminCertificate)
  const children = controlPlaneChildren({ ...start, pki, ports }, api)
  const stop = async (grace?: number) => {
    await stopAll(children, grace)
    api.close()
  }
  try {
    await startAll(children)
  } catch (error) {
    // An API server that never found its etcd takes long to give up.
    await stop(500)
    const words = Object.values(children).map(child => child.lastWords(30))
    const taken = words
      .join('\n')
      .split('\n')
      .find(line => line.includes('address already in use'))
    if (taken) throw new PortTaken(`a port was taken meanwhile (${taken.trim()})`)
    throw withWayOut(error, home)
  }
  writeFileSync(home.initialised, '')
  return {
    home: home.root,
    settings: start.settings,
    server,
    adminKubeconfig: home.kubeconfig,
    kubectl: start.binaries.kubectl,
    adminCertificate,
    certificateFor: name => issueLeaf(pki.ca, { commonName: name, usages: ['client'] }, new Date()),
    stop: () => stop(),
    kill: (name, signal) => children[name].kill(signal),
    restart: name => children[name].restart(),
    pid: name => children[name].pid,
    forceStop: () => Object.values(children).forEach(child => child.forceKill()),
  }
}

/** A database whose first start never ended holds nothing yet, and may be cut off anywhere. */
function discardHalfMade(home: Home): void {
  if (!existsSync(home.initialised)) rmSync(home.etcd, { recursive: true, force: true })
}

function withWayOut(error: unknown, home: Home): unknown {
  if (!(error instanceof Problem) || !error.message.startsWith('etcd ')) return error
  return new Problem(
    `${error.message}\nif its data in ${home.etcd} is damaged, \`npm run reset\` deletes it`,
  )
}
