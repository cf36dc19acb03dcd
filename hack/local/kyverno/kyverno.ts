import { join } from 'node:path'
import { apiClient } from '#hack/local/api.ts'
import { Child } from '#hack/local/child.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { homeAt, logFile, pidFile } from '#hack/local/home.ts'
import { install } from '#hack/local/install.ts'
import { freePorts } from '#hack/local/ports.ts'
import { quiet, type Progress } from '#hack/local/progress.ts'
import { keepAccess } from '#hack/local/tokens.ts'
import { controllerName, kyvernoNames, type KyvernoName } from './artefacts.ts'
import { resolveKyverno } from './binaries.ts'
import { installDefinitions, kyvernoDefinitions } from './definitions.ts'
import { kyvernoEnvironment, kyvernoFlags } from './flags.ts'
import { kyvernoNamespace, kyvernoObjects } from './objects.ts'
import { isReady } from './ready.ts'

/** Kyverno's controllers as processes beside the API server. */
export type Kyverno = {
  stop(): Promise<void>
  /** Sends the signal (SIGKILL); a process ended this way stays down until `restart`. */
  kill(name: KyvernoName, signal?: NodeJS.Signals): Promise<void>
  /** Stops it if it runs, starts it and waits until it is ready. */
  restart(name: KyvernoName): Promise<void>
  pid(name: KyvernoName): number | undefined
  log(name: KyvernoName): string
  forceStop(): void
}

export type KyvernoOptions = {
  /** All of them by default. */
  readonly names?: readonly KyvernoName[]
  /** Behind the usual ones, so that these win. */
  readonly flags?: Partial<Readonly<Record<KyvernoName, readonly string[]>>>
  readonly progress?: Progress
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal
}

/** Brings Kyverno's kinds, its configuration, accounts and roles into a cluster; again and again with the same result. */
export async function installKyverno(controlPlane: ControlPlane): Promise<void> {
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  try {
    await installDefinitions(api, await kyvernoDefinitions(controlPlane.settings))
  } finally {
    api.close()
  }
  // The namespace before what is in it.
  const [namespace, ...others] = kyvernoObjects()
  for (const rbac of [[namespace!], others])
    await install(controlPlane, { crds: [], rbac, policies: [] })
}

/**
 * Starts Kyverno, each process as its own ServiceAccount, and waits until all are ready.
 *
 * Where a binary is missing it is built, which takes minutes.
 */
export async function startKyverno(
  controlPlane: ControlPlane,
  { names = kyvernoNames, flags = {}, progress = quiet, signal }: KyvernoOptions = {},
): Promise<Kyverno> {
  const binaries = await resolveKyverno(names, controlPlane.settings, progress)
  signal?.throwIfAborted()
  await installKyverno(controlPlane)

  const home = homeAt(controlPlane.home)
  const { env } = controlPlane.settings
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  const ports = await freePorts(home.ports, names.map(controllerName))
  const children = new Map<KyvernoName, Child>()
  const stops: (() => void)[] = [() => api.close()]

  const launch = async (name: KyvernoName): Promise<void> => {
    const id = controllerName(name)
    const folder = join(home.kradle, id)
    const access = await keepAccess({
      api,
      account: id,
      namespace: kyvernoNamespace,
      folder,
      server: controlPlane.server,
      ca: controlPlane.adminCertificate.ca,
      report: progress.line,
    })
    stops.push(() => access.stop())
    const child = new Child({
      name: id,
      command: binaries[name],
      args: [
        ...kyvernoFlags(name, { kubeconfig: access.kubeconfig, port: ports[id]! }),
        ...(flags[name] ?? []),
      ],
      env: {
        PATH: env['PATH'],
        HOME: env['HOME'],
        ...kyvernoEnvironment(name, join(folder, 'tuf')),
      },
      log: logFile(home, id),
      pidFile: pidFile(home, id),
      ready: since => isReady(name, api, since),
      report: progress.line,
    })
    signal?.throwIfAborted()
    children.set(name, child)
    await child.start()
  }

  const stop = async () => {
    await Promise.all([...children.values()].map(child => child.stop()))
    for (const step of stops) step()
  }
  const stopAtOnce = () => void stop()
  signal?.addEventListener('abort', stopAtOnce, { once: true })
  try {
    const outcomes = await Promise.allSettled(names.map(launch))
    const failed = outcomes.find(({ status }) => status === 'rejected')
    if (failed) throw (failed as PromiseRejectedResult).reason
  } catch (error) {
    await stop()
    throw error
  } finally {
    signal?.removeEventListener('abort', stopAtOnce)
  }
  const one = (name: KyvernoName): Child => {
    const found = children.get(name)
    if (!found) throw new Error(`no ${name}, there are ${[...children.keys()].join(', ')}`)
    return found
  }
  return {
    stop,
    kill: (name, signal) => one(name).kill(signal),
    restart: name => one(name).restart(),
    pid: name => one(name).pid,
    log: name => logFile(home, controllerName(name)),
    forceStop: () => children.forEach(child => child.forceKill()),
  }
}
