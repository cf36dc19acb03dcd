import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiClient, type Api } from './api.ts'
import { compiledPath } from './cache.ts'
import { Child } from './child.ts'
import type { ControlPlane } from './control-plane.ts'
import { homeAt, logFile, pidFile } from './home.ts'
import {
  kradleProcesses,
  processFlags,
  type KradleProcess,
  type KradleStart,
} from './kradle-processes.ts'
import { forgetPorts, freePorts, type Ports } from './ports.ts'
import { Problem } from './problem.ts'
import { quiet, type Progress } from './progress.ts'
import { keepAccess, type AccountAccess } from './tokens.ts'

export {
  deciding,
  kradleProcesses,
  type KradleProcess,
  type KradleStart,
} from './kradle-processes.ts'

export type Kradle = {
  /** Adds one, e.g. a second webhook, and waits until it is ready. */
  start(start: KradleStart): Promise<void>
  stop(): Promise<void>
  /** Sends the signal (SIGKILL); a process ended this way stays down until `restart`. */
  kill(id: string, signal?: NodeJS.Signals): Promise<void>
  restart(id: string): Promise<void>
  pid(id: string): number | undefined
  /** http://127.0.0.1:PORT with /healthz, /readyz and /metrics. */
  health(id: string): string
  /** https://127.0.0.1:PORT of a webhook, or of what else listens. */
  webhook(id?: string): string
  log(id: string): string
  forceStop(): void
}

export type KradleOptions = {
  /** All of them by default. */
  readonly processes?: readonly KradleStart[]
  /** Where the API server finds the webhooks; by default the one called `webhook`. A test puts its proxy here. */
  readonly webhookUrl?: string
  /** The same for kradle-apiserver; by default the process called `apiserver`. */
  readonly apiserverUrl?: string
  /** The URL of PostgreSQL, for whoever stores something there. */
  readonly databaseUrl?: string
  readonly progress?: Progress
}

const repository = resolve(import.meta.dirname, '../..')

type Running = { child: Child; access: AccountAccess; health: string; webhook: string }

const attempts = 3

/** Starts Kradle's own processes, each as its own ServiceAccount, and waits until all are ready. */
export async function startKradle(
  controlPlane: ControlPlane,
  options: KradleOptions = {},
): Promise<Kradle> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(controlPlane, options)
    } catch (error) {
      const taken = error instanceof Problem && error.message.includes('EADDRINUSE')
      if (!taken || attempt === attempts) throw error
      // Somebody took a port between our look and the child's bind.
      options.progress?.line('a port was taken meanwhile: trying other ports')
      forgetPorts(homeAt(controlPlane.home).ports, portsOf(options.processes ?? allProcesses))
    }
  }
}

const allProcesses: readonly KradleStart[] = kradleProcesses.map(({ name }) => ({ name }))

async function startOnce(
  controlPlane: ControlPlane,
  {
    processes = allProcesses,
    webhookUrl,
    apiserverUrl,
    databaseUrl = '',
    progress = quiet,
  }: KradleOptions,
): Promise<Kradle> {
  const home = homeAt(controlPlane.home)
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate)
  const running = new Map<string, Running>()

  // All ports before any process: two choices at once could come to the same one.
  const ports = await freePorts(home.ports, portsOf(processes))
  const url = webhookUrl ?? `https://127.0.0.1:${ports[listenPort('webhook')]}`
  // By name: the aggregator finds it by a Service that stands for this very name.
  const own = ports[listenPort('apiserver')]
  const activity = apiserverUrl ?? (own && `https://localhost:${own}`)

  const launch = async (wanted: KradleStart, chosen: Ports): Promise<void> => {
    const process = described(wanted)
    const id = wanted.id ?? wanted.name
    const health = `127.0.0.1:${chosen[healthPort(id)]}`
    const listen = `127.0.0.1:${chosen[listenPort(id)]}`
    const folder = join(home.kradle, id)
    const access = await keepAccess({
      api,
      account: process.name,
      folder,
      server: controlPlane.server,
      ca: controlPlane.adminCertificate.ca,
      report: progress.line,
    })
    const databaseUrlFile = join(folder, 'database-url')
    if (process.flags.includes('database'))
      writeFileSync(databaseUrlFile, databaseUrl, { mode: 0o600 })
    const child = new Child({
      name: id,
      command: globalThis.process.execPath,
      args: [
        ...(process.node ?? []),
        resolve(repository, process.entry),
        ...processFlags(process, {
          kubeconfig: access.kubeconfig,
          health,
          listen,
          webhookUrl: url,
          apiserverUrl: activity || undefined,
          databaseUrlFile,
        }),
        ...(wanted.flags ?? []),
      ],
      env: {
        NODE_COMPILE_CACHE: compiledPath(controlPlane.settings),
        ...controlPlane.settings.env,
        KUBECONFIG: undefined,
        ...wanted.env,
      },
      log: logFile(home, id),
      pidFile: pidFile(home, id),
      ready: async () => (await fetch(`http://${health}/readyz`)).ok,
      report: progress.line,
    })
    running.set(id, { child, access, health: `http://${health}`, webhook: `https://${listen}` })
    await child.start()
  }

  const one = (id: string): Running => {
    const found = running.get(id)
    if (!found) throw new Error(`no process ${id}, there are ${[...running.keys()].join(', ')}`)
    return found
  }
  const stop = async () => {
    await Promise.all([...running.values()].map(({ child }) => child.stop()))
    for (const { access } of running.values()) access.stop()
    api.close()
  }
  try {
    await Promise.all(processes.map(process => launch(process, ports)))
    const names = processes.map(({ name }) => name)
    // Whoever puts something in between knows better when that is there.
    const direct = apiserverUrl === undefined
    if (direct && names.includes('apiserver') && names.includes('admission-controller'))
      await activityServed(api)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    start: async process =>
      launch(process, await freePorts(home.ports, portNames(process.id ?? process.name))),
    stop,
    kill: (id, signal) => one(id).child.kill(signal),
    restart: id => one(id).child.restart(),
    pid: id => one(id).child.pid,
    health: id => one(id).health,
    webhook: (id = 'webhook') => one(id).webhook,
    log: id => logFile(home, id),
    forceStop: () => running.forEach(({ child }) => child.forceKill()),
  }
}

/** The aggregator looks by itself whether somebody answers, and until then nothing of the group is there. */
async function activityServed(api: Api): Promise<void> {
  const path = '/apis/apiregistration.k8s.io/v1/apiservices/v1alpha1.activity.kradle.a5c.ai'
  const deadline = Date.now() + servedWithin
  let said = 'there is no APIService'
  while (Date.now() < deadline) {
    const { status, body } = await api('GET', path)
    if (status === 200) {
      const { conditions = [] } = (JSON.parse(body) as ApiService).status ?? {}
      const available = conditions.find(({ type }) => type === 'Available')
      if (available?.status === 'True') return
      said = available?.message ?? said
    }
    await sleep(100)
  }
  throw new Problem(`the activity API is not served after ${servedWithin / 1000} s: ${said}`)
}

const servedWithin = 60_000

type ApiService = {
  status?: { conditions?: { type: string; status: string; message?: string }[] }
}

function described({ name, entry }: KradleStart): KradleProcess {
  const known = kradleProcesses.find(process => process.name === name)
  const process = known ?? { name, entry: `src/cmd/${name}.ts`, flags: [] }
  return entry ? { ...process, entry } : process
}

const healthPort = (id: string) => `${id}-health`
const listenPort = (id: string) => `${id}-webhook`
const portsOf = (processes: readonly KradleStart[]) =>
  ['webhook', ...processes.map(({ id, name }) => id ?? name)].flatMap(portNames)
const portNames = (id: string) => [healthPort(id), listenPort(id)]
